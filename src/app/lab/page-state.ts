import { createStore, type StoreApi } from 'zustand/vanilla'
import type { PanelId } from '../../contracts/experiment.ts'
import type { Stage, StepUnit } from '../../contracts/session.ts'

export type OpenDialog = 'help' | 'share' | 'presets' | 'engine' | null

/** How the page is arranged right now. Not part of an experiment, never in a link. */
export interface PageState {
  readonly stepUnit: StepUnit
  readonly openStage: Stage | null
  readonly explanationFolded: boolean
  /** Column shown as a sheet on narrow screens. */
  readonly sheet: 'stages' | 'explanation' | null
  readonly dialog: OpenDialog
  readonly fullScreen: PanelId | null
  /** Panels that show their numbers as a table. */
  readonly tables: ReadonlySet<PanelId>
  /** Overlap maps show the mean of every row beside the null level. */
  readonly nullBand: boolean
  readonly logSpectrum: boolean
  /** Overlap maps show the mean over all seeds instead of the main one. */
  readonly meanOverlaps: boolean
  readonly logSingularValues: boolean
  /** Singular values are drawn over those before training and of permuted kernels. */
  readonly singularOverlays: boolean
  /** The table of singular values has one row per layer instead of one per value. */
  readonly layerTable: boolean
  readonly linearDensity: boolean
  /** Whole spectra reach over many powers of ten: their scale is logarithmic unless this is on. */
  readonly linearWhole: boolean
  /** What the panel of curvature in training shows. */
  readonly curvatureQuantity: CurvatureQuantity
  /** Step of a demonstration that is looked at; null for the last. */
  readonly demonstrationStep: number | null
}

export type CurvatureQuantity = 'eigenvalues' | 'trace' | 'overlaps' | 'condition'

export type PageStore = StoreApi<PageState>

export function createPageStore(): PageStore {
  return createStore<PageState>(() => ({
    stepUnit: 'epoch',
    openStage: null,
    explanationFolded: false,
    sheet: null,
    dialog: null,
    fullScreen: null,
    tables: new Set(),
    nullBand: false,
    logSpectrum: false,
    meanOverlaps: false,
    logSingularValues: false,
    singularOverlays: true,
    layerTable: false,
    linearDensity: false,
    linearWhole: false,
    curvatureQuantity: 'eigenvalues',
    demonstrationStep: null,
  }))
}

export function toggledTable(tables: ReadonlySet<PanelId>, id: PanelId): ReadonlySet<PanelId> {
  const next = new Set(tables)
  if (!next.delete(id)) next.add(id)
  return next
}
