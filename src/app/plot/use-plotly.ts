import { useCallback, useEffect, useState } from 'react'
import { loadPlotly, type Plotly } from './plotly-loader.ts'

export type PlotlyState =
  | { readonly state: 'loading' | 'failed'; readonly plotly: null; readonly retry: () => void }
  | { readonly state: 'ready'; readonly plotly: Plotly; readonly retry: () => void }

/** Plotly once it has been downloaded. */
export function usePlotly(): PlotlyState {
  const [plotly, setPlotly] = useState<Plotly | null>(null)
  const [failed, setFailed] = useState(false)
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    let gone = false
    loadPlotly().then(
      (loaded) => {
        if (!gone) setPlotly(loaded)
      },
      () => {
        if (!gone) setFailed(true)
      },
    )
    return () => {
      gone = true
    }
  }, [attempt])
  const retry = useCallback(() => {
    setFailed(false)
    setAttempt((count) => count + 1)
  }, [])
  if (plotly !== null) return { state: 'ready', plotly, retry }
  return { state: failed ? 'failed' : 'loading', plotly: null, retry }
}
