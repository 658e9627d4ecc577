import { useEffect, useEffectEvent, useImperativeHandle, useRef, type RefObject } from 'react'
import { figureImage } from './export-figure.ts'
import { browserDragging, browserFrames, PlotPainter } from './plot-painter.ts'
import type { PickedPoint, PlotHandle, PlotProps } from './plot-props.ts'
import type { Plotly } from './plotly-loader.ts'
import { usePlotly } from './use-plotly.ts'
import './plot.css'

/** Draws a figure and keeps it drawn: new data, new size, gone when unmounted. Fills its parent. */
export function Plot({ figure, title, className, onPick, ref }: PlotProps) {
  const { state, plotly, retry } = usePlotly()
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLDivElement>(null)
  const painter = usePainter(plotly, canvas, onPick)

  useEffect(() => {
    painter.current?.show(figure)
  }, [plotly, painter, figure])

  useImperativeHandle(ref, (): PlotHandle => ({
    async toImage(format, caption) {
      if (plotly === null) throw new Error('plot: Plotly has not loaded yet; try again when the plot is visible')
      const { clientWidth, clientHeight } = canvas.current ?? { clientWidth: 0, clientHeight: 0 }
      return figureImage(plotly, figure, { width: clientWidth, height: clientHeight }, format, caption)
    },
    resetView: () => painter.current?.resetView(),
    focus: () => frame.current?.focus(),
  }), [plotly, figure, painter])

  return (
    <div
      ref={frame}
      className={className === undefined ? 'plot' : `plot ${className}`}
      role="group"
      aria-roledescription="plot"
      aria-label={`${title}. ${figure.summary}`}
      aria-busy={state === 'loading'}
      tabIndex={0}
    >
      <div ref={canvas} className="plot-canvas" />
      {state === 'loading' && <div className="plot-skeleton" aria-hidden="true" />}
      {state === 'failed' && (
        <p className="plot-failure" role="status">
          The plotting code could not be downloaded. The table view works without it. <button type="button" onClick={retry}>Download again</button>
        </p>
      )}
    </div>
  )
}

/** One painter per mounted plot, told of size changes of its element. */
function usePainter(plotly: Plotly | null, element: RefObject<HTMLDivElement | null>, onPick: ((point: PickedPoint) => void) | undefined) {
  const painter = useRef<PlotPainter | null>(null)
  const pick = useEffectEvent((point: PickedPoint) => onPick?.(point))
  useEffect(() => {
    if (plotly === null || element.current === null) return
    const created = new PlotPainter(plotly, element.current, browserFrames, (point) => {
      pick(point)
    }, undefined, browserDragging())
    const observer = new ResizeObserver(() => {
      created.resized()
    })
    observer.observe(element.current)
    painter.current = created
    return () => {
      observer.disconnect()
      created.destroy()
      painter.current = null
    }
  }, [plotly, element])
  return painter
}
