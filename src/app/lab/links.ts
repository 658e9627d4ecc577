import type { RunFingerprint } from '../../permalink/run-fingerprint.ts'
import type { LabState } from '../../state/lab-state.ts'
import { linkOf } from '../../state/selectors.ts'

/** Fragment, without `#`, that brings the present experiment and view back. */
export function fragmentOf(state: LabState, fingerprint: RunFingerprint | null): string {
  return linkOf(state, __APP_VERSION__, fingerprint)
}

/** Absolute address of the page with the fragment; `parameters` become the query. */
export function addressWith(fragment: string, parameters: Readonly<Record<string, string>> = {}): string {
  const address = new URL(window.location.href)
  address.search = new URLSearchParams(parameters).toString()
  address.hash = fragment
  return address.toString()
}
