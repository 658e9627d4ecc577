import { encodePermalink } from '../../permalink/encode-permalink.ts'
import type { RunFingerprint } from '../../permalink/run-fingerprint.ts'
import type { LabState } from '../../state/lab-state.ts'

/** Fragment, without `#`, that brings the present experiment and view back. */
export function fragmentOf({ experiment, engineChoice: engine, data }: LabState, fingerprint: RunFingerprint | null): string {
  return encodePermalink({ experiment, engine, appVersion: __APP_VERSION__, datasetHash: data?.hash ?? null, fingerprint })
}

/** Absolute address of the page with the fragment; `parameters` become the query. */
export function addressWith(fragment: string, parameters: Readonly<Record<string, string>> = {}): string {
  const address = new URL(window.location.href)
  address.search = new URLSearchParams(parameters).toString()
  address.hash = fragment
  return address.toString()
}
