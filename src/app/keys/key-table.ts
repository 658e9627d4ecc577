import type { PanelId } from '../../contracts/experiment.ts'

/** What a key asks for. */
export type KeyAction =
  | { readonly kind: 'play' | 'step' | 'reset' | 'cancel' | 'previousCheckpoint' | 'nextCheckpoint' | 'fullScreen' | 'present' | 'share' | 'table' | 'help' }
  | { readonly kind: 'focusPanel'; readonly id: PanelId }

/** Keys and what they do, for the overlay. */
export const KEYS: readonly { readonly keys: readonly string[]; readonly words: string }[] = [
  { keys: ['Space'], words: 'Play or pause' },
  { keys: ['→'], words: 'Train one step' },
  { keys: ['R'], words: 'Reset to the initial weights of the seed' },
  { keys: ['Esc'], words: 'Stop the running analysis; leave full screen' },
  { keys: ['[', ']'], words: 'Previous and next checkpoint' },
  { keys: ['1', '…', '9'], words: 'Go to a panel' },
  { keys: ['F'], words: 'Panel in focus on the full screen' },
  { keys: ['T'], words: 'Panel in focus as a table' },
  { keys: ['P'], words: 'Present: one panel, large; ← and → go through them' },
  { keys: ['S'], words: 'Share a link' },
  { keys: ['?'], words: 'These keys' },
]

const PLAIN: Readonly<Record<string, Exclude<KeyAction, { readonly kind: 'focusPanel' }>['kind']>> = {
  ' ': 'play',
  ArrowRight: 'step',
  r: 'reset',
  Escape: 'cancel',
  '[': 'previousCheckpoint',
  ']': 'nextCheckpoint',
  f: 'fullScreen',
  p: 'present',
  s: 'share',
  t: 'table',
  '?': 'help',
}

/** The action of a key, given the panels in their order; null for keys that mean nothing here. */
export function keyAction(key: string, panels: readonly PanelId[]): KeyAction | null {
  if (/^[1-9]$/.test(key)) {
    const id = panels[Number(key) - 1]
    return id === undefined ? null : { kind: 'focusPanel', id }
  }
  const kind = PLAIN[key.length === 1 ? key.toLowerCase() : key]
  return kind === undefined ? null : { kind }
}
