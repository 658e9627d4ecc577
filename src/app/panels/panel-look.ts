import type { CurvatureQuantity } from '../lab/page-state.ts'

/** How panels are drawn: decides no number. */
export interface PanelLook {
  readonly theme: 'light' | 'dark'
  readonly presenting: boolean
  /** Overlap maps show the mean of every row beside the null level. */
  readonly nullBand: boolean
  readonly logSpectrum: boolean
  /** Overlap maps show the mean over all seeds. */
  readonly meanOverlaps: boolean
  readonly linearDensity: boolean
  readonly linearWhole: boolean
  readonly curvatureQuantity: CurvatureQuantity
  readonly demonstrationStep: number | null
}
