import type { PanelId, View } from '../contracts/experiment.ts'

const NARROWEST = 3
const WIDEST = 12
const DEFAULT_SPAN = 6

/** Moves a panel to a place in the order; other panels keep theirs. */
export function movePanel(view: View, id: PanelId, to: number): View {
  const moved = view.panels.find((panel) => panel.id === id)
  if (moved === undefined) return view
  const panels = view.panels.filter((panel) => panel !== moved)
  panels.splice(Math.max(0, Math.min(to, panels.length)), 0, moved)
  return { ...view, panels }
}

/** Sets how wide a panel is, in columns of twelve; clamped to 3…12. */
export function resizePanel(view: View, id: PanelId, span: number): View {
  const wide = Math.max(NARROWEST, Math.min(WIDEST, Math.round(span)))
  return { ...view, panels: view.panels.map((panel) => (panel.id === id ? { ...panel, span: wide } : panel)) }
}

/** Adds a panel at the end, once. */
export function addPanel(view: View, id: PanelId): View {
  if (view.panels.some((panel) => panel.id === id)) return view
  return { ...view, panels: [...view.panels, { id, span: DEFAULT_SPAN }] }
}

/** Closes a panel; the focus goes with it. */
export function closePanel(view: View, id: PanelId): View {
  return { ...view, panels: view.panels.filter((panel) => panel.id !== id), focus: view.focus === id ? null : view.focus }
}
