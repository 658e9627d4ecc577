import type { Annotations, Datum, Layout } from 'plotly.js'
import type { DemonstrationResult, LanczosHistory, PowerHistory } from '../contracts/results.ts'
import { buildFigure, emptyFigure, lineLabel, verticalLine } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import { endsIndices, MAX_POINTS } from './decimate.ts'
import { lanczosSentence, powerSentence } from './demonstration-words.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import { finiteOrNull, formatCount, formatNumber } from './numbers.ts'
import { ritzSteps, type RitzStep } from './ritz-steps.ts'
import { extent } from './statistics.ts'
import { figureSizes, logAxis } from './template.ts'

export interface DemonstrationInput {
  readonly result: DemonstrationResult | null
  /** The same of further seeds: they are counted in words alone, the steps being those of the main one. */
  readonly others?: readonly DemonstrationResult[]
  /** Step that is looked at, from 1; null for the last. */
  readonly step: number | null
}

const X = 't, steps (one product with the matrix each)'
const POWER: FigureAxes = { x: X, y: 'vᵀHv, Rayleigh quotient; residual (log)', colour: null }
const LANCZOS: FigureAxes = { x: X, y: 'θ, Ritz values', colour: null }
const LATER = 0.25
/** Height of a label with the dots below it, as a share of the axis. */
const LABEL_SHARE = 0.15
/** Of the values of one step, the share drawn from each end where there are too many. */
const ENDS = 0.35

/** Power iteration or Lanczos step by step: what is known after every product, the chosen step marked and put into words. */
export function demonstrationFigure({ result, others = [], step }: DemonstrationInput, options: FigureOptions): FigureSpec {
  const [power, lanczos] = [result?.power ?? null, result?.lanczos ?? null]
  const draw = (figure: FigureSpec): FigureSpec => {
    if (result === null || others.length === 0) return figure
    const words = `Shown is seed ${String(result.provenance.seed)} of ${String(others.length + 1)}: steps of different matrices have no mean.`
    return { ...figure, summary: `${figure.summary} ${words}` }
  }
  if (power !== null && power.rayleigh.length > 0) return draw(powerFigure(power, chosenStep(step, power.rayleigh.length), options))
  if (lanczos !== null && lanczos.alphas.length > 0) return draw(lanczosFigure(lanczos, chosenStep(step, lanczos.alphas.length), options))
  return emptyFigure('demonstration', 'No step taken yet', { columns: ['step'], rows: [] }, LANCZOS, options)
}

function chosenStep(step: number | null, steps: number): number {
  return step === null ? steps : Math.min(Math.max(1, Math.round(step)), steps)
}

function powerFigure(history: PowerHistory, step: number, options: FigureOptions): FigureSpec {
  const { rayleigh, residuals, angles } = history
  const { muted } = palette(options.theme)
  const layout: Partial<Layout> = {
    xaxis: { title: { text: X }, rangemode: 'tozero' },
    yaxis: { title: { text: 'vᵀHv, Rayleigh quotient' } },
    yaxis2: { title: { text: 'residual ‖Hv − (vᵀHv)v‖' }, overlaying: 'y', side: 'right', showgrid: false, ...logAxis(options.theme) },
    ...stepMark(step, rayleigh.length, options),
    uirevision: 'demonstration power',
  }
  const colour = variantColour(options.theme, options.variant ?? 0)
  const data = [
    historyLine('Rayleigh quotient', rayleigh, { colour, dash: 'solid', yaxis: 'y' }, step, options),
    historyLine('residual', residuals.map((value) => (value > 0 ? value : NaN)), { colour: muted, dash: 'dash', yaxis: 'y2' }, step, options),
  ]
  const cells = [rayleigh, residuals, angles].map(finiteOrNull)
  const table: FigureTable = {
    columns: ['step', 'Rayleigh quotient', 'residual', 'angle turned (radians)'],
    rows: Array.from(rayleigh, (_, i) => [i + 1, ...cells.map((of) => of[i] ?? null)]),
  }
  return buildFigure({ id: 'demonstration', data, layout, table, summary: powerSentence(history, step), axes: POWER }, options)
}

/** A line with a larger dot at the chosen step. */
function historyLine(name: string, values: Float64Array, look: { colour: string; dash: 'solid' | 'dash'; yaxis: 'y' | 'y2' }, step: number, options: FigureOptions): Trace {
  const { line, marker } = figureSizes(options.presenting)
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name,
    x: Array.from(values, (_, i) => i + 1),
    y: finiteOrNull(values),
    yaxis: look.yaxis,
    line: { color: look.colour, width: line, dash: look.dash },
    marker: {
      color: look.colour,
      symbol: look.yaxis === 'y' ? 'circle' : 'diamond',
      size: Array.from(values, (_, i) => (i + 1 === step ? 2 * marker : marker / 2)),
      line: { width: 0 },
    },
    hovertemplate: `step %{x}<br>${name} %{y:.4~g}<extra></extra>`,
  }
}

function stepMark(step: number, steps: number, options: FigureOptions) {
  const place: Partial<Annotations> = { x: step, xref: 'x', y: 1, yref: 'paper', xanchor: step > steps / 2 ? 'right' : 'left', yanchor: 'top' }
  return { shapes: [verticalLine({ at: step, colour: palette(options.theme).muted, dash: 'dot' })], annotations: [lineLabel(`step ${formatCount(step)}`, place, options)] }
}

function lanczosFigure(history: LanczosHistory, step: number, options: FigureOptions): FigureSpec {
  const steps = ritzSteps(history)
  const layout: Partial<Layout> = {
    xaxis: { title: { text: X }, rangemode: 'tozero' },
    yaxis: { title: { text: LANCZOS.y }, ...roomAbove(steps) },
    ...stepMark(step, steps.length, options),
    uirevision: 'demonstration lanczos',
  }
  const data = fanTraces(steps, step, options)
  return buildFigure({ id: 'demonstration', data, layout, table: stepTable(steps, history), summary: lanczosSentence(steps, history, step), axes: LANCZOS }, options)
}

/** Room above the largest value for the name of the step. */
function roomAbove(steps: readonly RitzStep[]): { readonly autorangeoptions: object } {
  const [low, high] = extent(steps.flatMap(({ values }) => [values[0], values[values.length - 1]]))
  return { autorangeoptions: { include: high + LABEL_SHARE * (high - low) } }
}

interface FanPoint {
  readonly of: RitzStep
  readonly at: number
}

/** Values that still move are small and open, settled ones filled, copies crossed; those of the chosen step are large, later ones pale. */
function fanTraces(steps: readonly RitzStep[], chosen: number, options: FigureOptions): Trace[] {
  const { muted, outlier } = palette(options.theme)
  const { marker } = figureSizes(options.presenting)
  const perStep = Math.max(5, Math.floor(MAX_POINTS / steps.length))
  const points = steps.flatMap((of): FanPoint[] => {
    const limit = of.step === chosen ? of.values.length : perStep
    return endsIndices(of.values.length, limit, ENDS).map((at) => ({ of, at }))
  })
  const kinds = [
    { name: 'still moving', color: muted, symbol: 'circle-open', belongs: ({ of, at }: FanPoint) => !of.settled[at] },
    { name: 'settled', color: variantColour(options.theme, options.variant ?? 0), symbol: 'circle', belongs: ({ of, at }: FanPoint) => of.settled[at] && !of.copies[at] },
    { name: 'copies', color: outlier, symbol: 'x', belongs: ({ of, at }: FanPoint) => of.copies[at] },
  ]
  return kinds.flatMap(({ name, color, symbol, belongs }): Trace[] => {
    const shown = points.filter(belongs)
    if (shown.length === 0) return []
    return [{
      type: 'scatter',
      mode: 'markers',
      name,
      x: shown.map(({ of }) => of.step),
      y: shown.map(({ of, at }) => of.values[at]),
      marker: {
        color,
        symbol,
        size: shown.map(({ of }) => (of.step === chosen ? marker + 3 : (2 * marker) / 3)),
        opacity: shown.map(({ of }) => (of.step > chosen ? LATER : 1)),
        line: { color, width: 1 },
      },
      customdata: shown.map(({ of, at }): Datum[] => [formatCount(at + 1), formatNumber(of.values[at], 6), formatNumber(of.residuals[at], 2)]),
      hovertemplate: `step %{x}, value %{customdata[0]}<br>θ = %{customdata[1]}<br>residual %{customdata[2]}, ${name}<extra></extra>`,
    }]
  })
}

const STEP_COLUMNS = [
  'step',
  'alpha',
  'beta',
  'largest Ritz value',
  'residual of the largest',
  'smallest Ritz value',
  'residual of the smallest',
  'settled',
  'copies',
  'largest scalar product of the basis',
]

function stepTable(steps: readonly RitzStep[], { alphas, betas, orthogonality }: LanczosHistory): FigureTable {
  const [a, b, o] = [alphas, betas, orthogonality].map(finiteOrNull)
  const rows = steps.map(({ step, values, residuals, settled, copies }, i) => {
    const ends = finiteOrNull([values[0], residuals[0], values[step - 1], residuals[step - 1]])
    return [step, a[i] ?? null, b[i] ?? null, ...ends, settled.filter(Boolean).length, copies.filter(Boolean).length, o[i] ?? null]
  })
  return { columns: STEP_COLUMNS, rows }
}
