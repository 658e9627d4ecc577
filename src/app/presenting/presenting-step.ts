import type { PanelId } from '../../contracts/experiment.ts'

/** The panel after (or before) the one in focus; null at the ends. Without focus the first counts as shown. */
export function presentingStep(panels: readonly PanelId[], focus: PanelId | null, direction: 1 | -1): PanelId | null {
  const at = focus === null ? 0 : panels.indexOf(focus)
  return panels[at + direction] ?? null
}
