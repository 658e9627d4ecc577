import type { PanelId } from '../../contracts/experiment.ts'

/** What a key asks for. */
export type KeyAction =
  | { readonly do: 'play' | 'step' | 'reset' | 'stop' | 'earlier' | 'later' | 'fullScreen' | 'present' | 'share' | 'table' | 'help' | 'nextPanel' | 'previousPanel' }
  | { readonly do: 'focus'; readonly place: number }

export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
}

export interface KeyContext {
  readonly presenting: boolean
  /** The focus is in something that uses this kind of key itself. */
  readonly typing: boolean
  readonly pressing: boolean
  readonly sliding: boolean
}

const LETTERS: Readonly<Record<string, KeyAction>> = {
  r: { do: 'reset' },
  f: { do: 'fullScreen' },
  p: { do: 'present' },
  s: { do: 'share' },
  t: { do: 'table' },
  '?': { do: 'help' },
  '[': { do: 'earlier' },
  ']': { do: 'later' },
  Escape: { do: 'stop' },
}

const FORWARD = new Set(['ArrowRight', 'ArrowDown', 'PageDown', ' '])
const BACK = new Set(['ArrowLeft', 'ArrowUp', 'PageUp'])

/** The action of a key press, or null. While presenting, arrows and a clicker's page keys turn panels. */
export function keyAction(press: KeyPress, context: KeyContext): KeyAction | null {
  const { key } = press
  if (press.ctrlKey || press.altKey || press.metaKey || context.typing) return null
  if (context.presenting) return presentingAction(key, context)
  if (key === ' ') return context.pressing ? null : { do: 'play' }
  if (key === 'ArrowRight') return context.sliding ? null : { do: 'step' }
  if (/^[1-9]$/.test(key)) return { do: 'focus', place: Number(key) - 1 }
  return LETTERS[key.length === 1 ? key.toLowerCase() : key] ?? null
}

function presentingAction(key: string, { pressing }: KeyContext): KeyAction | null {
  if (key === ' ' && pressing) return null
  if (FORWARD.has(key)) return { do: 'nextPanel' }
  if (BACK.has(key)) return { do: 'previousPanel' }
  if (/^[1-9]$/.test(key)) return { do: 'focus', place: Number(key) - 1 }
  return key.toLowerCase() === 'p' ? { do: 'present' } : null
}

/** The panel some places further in the list; stays at the ends. */
export function panelAt(ids: readonly PanelId[], from: PanelId | null, by: number): PanelId | null {
  const at = from === null ? 0 : ids.indexOf(from)
  return ids[Math.max(0, Math.min(ids.length - 1, at + by))] ?? null
}

/** Every key with what it does, for the overview. */
export const KEY_LIST: readonly (readonly [string, string])[] = [
  ['Space', 'play or pause'],
  ['→', 'train one step'],
  ['R', 'reset to the initial weights'],
  ['Esc', 'stop the running analysis, close what is open'],
  ['[ and ]', 'previous and next checkpoint'],
  ['1 … 9', 'focus a panel'],
  ['F', 'full screen'],
  ['P', 'present one panel; arrows turn to the next'],
  ['T', 'plot or table of numbers'],
  ['S', 'share a link'],
  ['?', 'this overview'],
]
