import type { PanelId } from '../../contracts/experiment.ts'
import type { PageState } from '../lab/page-state.ts'

/** How panels are drawn: decides no number. */
export interface PanelLook extends PageLook {
  readonly theme: 'light' | 'dark'
  readonly presenting: boolean
}

/** The part that the state of the page holds. */
export type PageLook = Pick<
  PageState,
  | 'nullBand'
  | 'logSpectrum'
  | 'meanOverlaps'
  | 'logSingularValues'
  | 'singularOverlays'
  | 'layerTable'
  | 'linearDensity'
  | 'linearWhole'
  | 'curvatureQuantity'
  | 'demonstrationStep'
>

/** What the page says about the look of a panel. The step of a demonstration, which a slider moves, concerns one panel only. */
export function pageLook(page: PageState, id: PanelId): PageLook {
  const { nullBand, logSpectrum, meanOverlaps, logSingularValues, singularOverlays, layerTable, linearDensity, linearWhole, curvatureQuantity } = page
  const demonstrationStep = id === 'demonstration' ? page.demonstrationStep : null
  return { nullBand, logSpectrum, meanOverlaps, logSingularValues, singularOverlays, layerTable, linearDensity, linearWhole, curvatureQuantity, demonstrationStep }
}
