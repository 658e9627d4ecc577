import type { Plotly } from './plotly-bundle.ts'

export type { Plotly } from './plotly-bundle.ts'

let loading: Promise<Plotly> | null = null

/** Plotly, downloaded when first needed. A failed download is forgotten, so that the next call tries again. */
export function loadPlotly(): Promise<Plotly> {
  loading ??= import('./plotly-bundle.ts').then(
    (bundle) => bundle.plotly,
    (error: unknown) => {
      loading = null
      throw error
    },
  )
  return loading
}
