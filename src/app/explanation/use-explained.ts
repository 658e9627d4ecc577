import type { PanelId } from '../../contracts/experiment.ts'
import { useLab } from '../../state/use-lab.ts'

/** The panel that the explanation is about: the one in focus, else the first. */
export function useExplained(): PanelId {
  return useLab(({ experiment: { view } }) => view.focus ?? view.panels[0]?.id ?? 'training')
}
