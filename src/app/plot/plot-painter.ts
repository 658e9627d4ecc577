import type { Config, Data, Layout, PlotlyHTMLElement, PlotMouseEvent } from 'plotly.js'
import type { FigureSpec } from '../../figures/figure-spec.ts'
import type { PickedPoint } from './plot-props.ts'
import type { Plotly } from './plotly-loader.ts'

/** What the painter needs of Plotly. */
export type PaintingPlotly = Pick<Plotly, 'react' | 'purge'>

/** Asks for the next animation frame after a rest of some milliseconds; returns how to withdraw the request. */
export type RequestFrame = (callback: () => void, rest: number) => () => void

/**
 * After a drawing the page rests this many times as long, so that streaming results leave nine frames out of ten to
 * everything else; never longer than a person would notice as missing.
 */
const REST_PER_DRAWING = 9
const LONGEST_REST = 600

const CONFIG: Partial<Config> = {
  displaylogo: false,
  displayModeBar: 'hover',
  modeBarButtonsToRemove: ['lasso2d', 'select2d', 'toImage', 'autoScale2d'],
  doubleClick: 'reset',
  scrollZoom: false,
  typesetMath: false,
}

/**
 * Keeps one element showing the newest figure. At most one drawing per animation frame, one at a time, with a rest after slow ones: figures that
 * come in between replace each other. Zoom is kept while the figure's `uirevision` stays the same.
 */
export class PlotPainter {
  private wanted: FigureSpec | null = null
  private withdraw: (() => void) | null = null
  private drawing = false
  private outdated = false
  private drawn = false
  private gone = false
  private view = 0
  private restUntil = 0

  constructor(
    private readonly plotly: PaintingPlotly,
    private readonly element: HTMLElement,
    private readonly requestFrame: RequestFrame,
    private readonly onPick: (point: PickedPoint) => void,
    private readonly now: () => number = () => performance.now(),
    private readonly dragging: Layout['dragmode'] = 'zoom',
  ) {}

  show(figure: FigureSpec): void {
    this.wanted = figure
    this.schedule()
  }

  /** The element's size changed. */
  resized(): void {
    this.schedule()
  }

  resetView(): void {
    this.view += 1
    this.schedule()
  }

  destroy(): void {
    this.gone = true
    this.withdraw?.()
    if (this.drawn) this.plotly.purge(this.element)
  }

  private schedule(): void {
    if (this.gone || this.withdraw !== null) return
    if (this.drawing) {
      this.outdated = true
      return
    }
    this.withdraw = this.requestFrame(() => {
      this.withdraw = null
      void this.draw()
    }, Math.max(0, this.restUntil - this.now()))
  }

  private async draw(): Promise<void> {
    const { clientWidth: width, clientHeight: height } = this.element
    if (this.gone || this.wanted === null || width === 0 || height === 0) return
    this.drawing = true
    this.outdated = false
    const first = !this.drawn
    this.drawn = true
    const start = this.now()
    try {
      const drawn = await this.plotly.react(this.element, traces(this.wanted), this.layout(this.wanted, width, height), CONFIG)
      if (first && !this.gone) this.prepare(drawn)
    } finally {
      this.drawing = false
    }
    const end = this.now()
    this.restUntil = end + Math.min(LONGEST_REST, REST_PER_DRAWING * (end - start))
    if (this.outdated) this.schedule()
  }

  private layout({ layout }: FigureSpec, width: number, height: number): Partial<Layout> {
    return { ...structuredClone(layout), dragmode: this.dragging, width, height, uirevision: `${String(layout.uirevision)} ${String(this.view)}` }
  }

  private prepare(drawn: PlotlyHTMLElement): void {
    drawn.on('plotly_click', (event) => {
      const point = pickedPoint(event)
      if (point !== null) this.onPick(point)
    })
    // The container carries the summary; the letters of the axes read one by one would bury it.
    for (const svg of drawn.querySelectorAll('svg.main-svg')) svg.setAttribute('aria-hidden', 'true')
  }
}

/** Copies, because Plotly writes visibility and ranges into what it is given. */
function traces({ data }: FigureSpec): Data[] {
  return data.map((trace) => ({ ...trace }))
}

function pickedPoint({ points }: PlotMouseEvent): PickedPoint | null {
  const point = points[0]
  if (point === undefined || typeof point.x !== 'number' || typeof point.y !== 'number') return null
  return { trace: point.data.name, x: point.x, y: point.y }
}

/** A finger on a plot scrolls the page until zooming or panning is chosen; a mouse zooms at once. */
export function browserDragging(): Layout['dragmode'] {
  return window.matchMedia('(hover: none)').matches ? false : 'zoom'
}

/** Animation frames of the browser. */
export const browserFrames: RequestFrame = (callback, rest) => {
  let frame = 0
  const timer = setTimeout(() => {
    frame = requestAnimationFrame(callback)
  }, rest)
  return () => {
    clearTimeout(timer)
    cancelAnimationFrame(frame)
  }
}
