import type { Annotations, Layout, Shape } from 'plotly.js'
import type { SettingChange } from '../contracts/experiment.ts'
import type { EpochHistory } from '../contracts/results.ts'
import { buildFigure, emptyFigure, lineLabel, verticalLine } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import { decimatedIndices, pick } from './decimate.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import { finiteOrNull, formatCount, formatNumber, formatSetting, formatShare } from './numbers.ts'
import { smoothed } from './smooth.ts'
import { figureSizes, hoverTitle, logAxis } from './template.ts'
import { trainingClock, type TrainingClock } from './training-axis.ts'
import { spreadSummary, spreadTraces, trainingSpread, withSpread, type TrainingSpread } from './training-spread.ts'

export interface TrainingInput {
  /** One entry per finished epoch; null before the first. */
  readonly history: EpochHistory | null
  /** Mini-batch losses and the steps they belong to, ascending; equally long. */
  readonly batches: { readonly steps: ArrayLike<number>; readonly losses: ArrayLike<number> }
  readonly stepsPerEpoch: number
  /** Histories of further seeds of the same experiment: with any, curves are means with their spread. */
  readonly others?: readonly EpochHistory[]
  /** Settings changed while training ran. */
  readonly changes: readonly SettingChange[]
  /** Epoch of the checkpoint that is looked at; null for none marked. */
  readonly checkpoint: number | null
}

export interface TrainingOptions extends FigureOptions {
  readonly logLoss: boolean
  /** Horizontal axis; epochs by default. */
  readonly unit?: 'epoch' | 'batch'
  /** Exponential smoothing of the batch losses, 0 (none) to below 1. */
  readonly smoothing?: number
}

/**
 * Loss above, accuracy below, on one time axis; train solid, test dashed, single batches of the main seed faint. With
 * several seeds the curves are means, in bands of one standard deviation.
 */
export function trainingFigure(input: TrainingInput, options: TrainingOptions): FigureSpec {
  const { history, others = [] } = input
  const spread = history !== null && others.length > 0 ? trainingSpread([history, ...others]) : null
  const table = spread === null ? trainingTable(history) : withSpread(trainingTable(history), spread)
  const axes: FigureAxes = { x: options.unit === 'batch' ? 't, mini-batches' : 't, epochs', y: 'L, loss; accuracy', colour: null }
  if (history === null && input.batches.steps.length === 0) return emptyFigure('training', 'No epoch trained yet', table, axes, options)
  const clock = trainingClock(history, input.stepsPerEpoch)
  const { shapes, annotations } = marks(input, clock, options)
  const layout: Partial<Layout> = {
    hovermode: 'x unified',
    hoversubplots: 'axis',
    xaxis: { title: { text: axes.x }, anchor: 'y2', rangemode: 'tozero', ...hoverTitle(options.unit === 'batch' ? 'step %{x}' : 'epoch %{x}') },
    yaxis: { title: { text: 'L, loss' }, domain: [0.44, 1], ...(options.logLoss ? logAxis(options.theme) : {}) },
    yaxis2: { title: { text: 'accuracy' }, domain: [0, 0.36], tickformat: '.3~%' },
    shapes,
    annotations,
    uirevision: `training ${options.unit ?? 'epoch'} ${String(options.logLoss)}`,
  }
  const curves = spread === null ? epochTraces(history, options) : spreadTraces(spread, options)
  const batches = batchTraces(input, clock, options)
  const data = [...(spread === null ? batches : batches.map(unlisted)), ...curves]
  return buildFigure({ id: 'training', data, layout, table, summary: summary(input, spread), axes }, options)
}

/** Batches belong to one seed of several: seen, but not in the legend. */
function unlisted(trace: Trace): Trace {
  return { ...trace, showlegend: false }
}

function batchTraces({ batches }: TrainingInput, clock: TrainingClock, options: TrainingOptions): Trace[] {
  const kept = decimatedIndices(batches.losses)
  const steps = pick(batches.steps, kept)
  const x = options.unit === 'batch' ? steps : steps.map(clock.epochOfStep)
  const amount = options.smoothing ?? 0
  const shared: Trace = { type: 'scatter', mode: 'lines', x, hoverinfo: 'skip' }
  const colour = variantColour(options.theme, options.variant ?? 0)
  const raw: Trace = { ...shared, name: 'single batches', y: finiteOrNull(pick(batches.losses, kept)), line: { color: colour, width: 1 }, opacity: 0.3 }
  if (kept.length === 0) return []
  if (amount === 0) return [raw]
  const y = finiteOrNull(pick(smoothed(batches.losses, amount), kept))
  return [{ ...raw, opacity: 0.15, showlegend: false }, { ...shared, name: 'batches, smoothed', y, line: { color: colour, width: 1 }, opacity: 0.7 }]
}

function epochTraces(history: EpochHistory | null, options: TrainingOptions): Trace[] {
  if (history === null) return []
  const { line } = figureSizes(options.presenting)
  const color = variantColour(options.theme, options.variant ?? 0)
  const x = [...(options.unit === 'batch' ? history.step : history.epoch)]
  const curve = (name: string, values: readonly number[], yaxis: 'y' | 'y2', dash: 'solid' | 'dash'): Trace => ({
    type: 'scatter',
    mode: values.length > 1 ? 'lines' : 'markers',
    name,
    x,
    y: finiteOrNull(values),
    yaxis,
    line: { color, width: line, dash },
    marker: { color, symbol: dash === 'solid' ? 'circle' : 'circle-open' },
    legendgroup: dash,
    showlegend: yaxis === 'y',
    hovertemplate: yaxis === 'y' ? `${name} loss %{y:.3~g}<extra></extra>` : `${name} accuracy %{y:.1%}<extra></extra>`,
  })
  return [
    curve('train', history.trainLoss, 'y', 'solid'),
    curve('test', history.testLoss, 'y', 'dash'),
    curve('train', history.trainAccuracy, 'y2', 'solid'),
    curve('test', history.testAccuracy, 'y2', 'dash'),
  ]
}

function marks({ changes, checkpoint }: TrainingInput, clock: TrainingClock, options: TrainingOptions) {
  const { axis, text } = palette(options.theme)
  const byBatch = options.unit === 'batch'
  const shapes: Partial<Shape>[] = []
  const annotations: Partial<Annotations>[] = []
  const mark = (at: number, label: string, colour: string, dash: 'dot' | 'solid', yanchor: 'top' | 'bottom') => {
    shapes.push(verticalLine({ at, colour, dash }))
    const y = yanchor === 'top' ? 1 : 0.37
    annotations.push(lineLabel(label, { x: at, xref: 'x', y, yref: 'paper', xanchor: 'left', yanchor }, options))
  }
  for (const change of changes) mark(byBatch ? change.step : clock.epochOfStep(change.step), changeLabel(change), axis, 'dot', 'top')
  if (checkpoint !== null) mark(byBatch ? clock.stepOfEpoch(checkpoint) : checkpoint, `epoch ${formatCount(checkpoint)}`, text, 'solid', 'bottom')
  return { shapes, annotations }
}

function changeLabel({ learningRate, weightDecay, batchSize }: SettingChange): string {
  const labels: string[] = []
  if (learningRate !== undefined) labels.push(`η = ${formatSetting(learningRate)}`)
  if (weightDecay !== undefined) labels.push(`λ = ${formatSetting(weightDecay)}`)
  if (batchSize !== undefined) labels.push(`batch ${formatCount(batchSize)}`)
  return labels.join(', ')
}

function trainingTable(history: EpochHistory | null): FigureTable {
  const columns = ['epoch', 'step', 'training loss', 'training accuracy', 'test loss', 'test accuracy', 'learning rate']
  if (history === null) return { columns, rows: [] }
  const { epoch, step, trainLoss, trainAccuracy, testLoss, testAccuracy, learningRate } = history
  return { columns, rows: epoch.map((e, i) => [e, step[i], trainLoss[i], trainAccuracy[i], testLoss[i], testAccuracy[i], learningRate[i]]) }
}

function summary({ history, batches }: TrainingInput, spread: TrainingSpread | null): string {
  const diverged = Array.from(batches.losses).findIndex((loss) => !Number.isFinite(loss))
  const warning = diverged < 0 ? '' : ` The loss stopped being finite at step ${formatCount(batches.steps[diverged])}.`
  if (history === null || history.epoch.length === 0) {
    return `First epoch running; the last batch loss is ${formatNumber(batches.losses[batches.losses.length - 1])}.${warning}`
  }
  if (spread !== null) return spreadSummary(spread) + warning
  const last = history.epoch.length - 1
  const train = `training loss ${formatNumber(history.trainLoss[last])} and accuracy ${formatShare(history.trainAccuracy[last])}`
  const test = `test loss ${formatNumber(history.testLoss[last])} and accuracy ${formatShare(history.testAccuracy[last])}`
  return `After ${formatCount(history.epoch[last])} epochs: ${train}; ${test}.${warning}`
}
