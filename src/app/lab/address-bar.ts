import { decodePermalink } from '../../permalink/decode-permalink.ts'
import type { RunFingerprint } from '../../permalink/run-fingerprint.ts'
import type { LabState } from '../../state/lab-state.ts'
import type { Lab } from './lab.ts'
import type { LabCommands } from './lab-commands.ts'
import { fragmentOf } from './links.ts'

const QUIET_MS = 400

/** Opens what the address says. */
export function openAddress({ actions }: Lab): void {
  actions.openLink(decodePermalink(window.location.hash, window.location.search))
}

/** The fingerprint that a link came with goes on with it until the experiment can no longer be compared. */
function senderFingerprint({ sender, match }: LabState): RunFingerprint | null {
  return sender === null || match.state === 'not-comparable' ? null : sender.fingerprint
}

/**
 * Keeps the address bar at what is on the screen, without filling the history, and opens what the user types there.
 */
export function followAddress(lab: Lab, commands: LabCommands): () => void {
  let written = window.location.hash
  let timer: ReturnType<typeof setTimeout> | undefined
  const write = (): void => {
    const state = lab.store.getState()
    const fragment = `#${fragmentOf(state, senderFingerprint(state))}`
    if (fragment === written) return
    written = fragment
    window.history.replaceState(null, '', fragment)
  }
  const unsubscribe = lab.store.subscribe((state, before) => {
    if (state.experiment === before.experiment && state.engineChoice === before.engineChoice && state.data === before.data) return
    clearTimeout(timer)
    timer = setTimeout(write, QUIET_MS)
  })
  const onHashChange = (): void => {
    if (window.location.hash === written) return
    written = window.location.hash
    openAddress(lab)
    void commands.start()
  }
  window.addEventListener('hashchange', onHashChange)
  return () => {
    unsubscribe()
    clearTimeout(timer)
    window.removeEventListener('hashchange', onHashChange)
  }
}
