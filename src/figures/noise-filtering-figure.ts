import type { Annotations, Layout } from 'plotly.js'
import type { FilteredReading, NoiseFilteringResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import type { Cell, FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import { finiteOrNull, formatShare } from './numbers.ts'
import { figureSizes } from './template.ts'

const AXES: FigureAxes = { x: 'r, share of the singular values removed', y: 'a, accuracy', colour: null }
const COLUMNS = ['treatment', 'share removed', 'training loss', 'training accuracy', 'test loss', 'test accuracy']
/** A test accuracy that fell by no more than this counts as kept. */
const KEPT = 0.01
const SYMBOLS = { 'bulk removed': 'square', 'soft threshold': 'diamond', 'optimal shrinkage': 'triangle-up' } as const

/** Accuracy as the smallest singular values of kernels are set to zero; train solid, test dashed, treatments of the bulk as marks. */
export function noiseFilteringFigure({ result }: { readonly result: NoiseFilteringResult | null }, options: FigureOptions): FigureSpec {
  if (result === null || result.removed.length === 0) {
    return emptyFigure('noiseFiltering', 'No singular values removed yet', { columns: COLUMNS, rows: [] }, AXES, options)
  }
  const layout: Partial<Layout> = {
    xaxis: { title: { text: AXES.x }, tickformat: '.3~%', range: [-0.02, 1.02] },
    yaxis: { title: { text: AXES.y }, tickformat: '.3~%' },
    annotations: treatmentLabels(result, options),
  }
  const data = [...curveTraces(result, options), ...result.treatments.flatMap((treatment) => markTraces(treatment, options))]
  return buildFigure({ id: 'noiseFiltering', data, layout, table: filterTable(result), summary: summary(result), axes: AXES }, options)
}

function curveTraces({ removed, curves }: NoiseFilteringResult, options: FigureOptions): Trace[] {
  const color = variantColour(options.theme, options.variant ?? 0)
  const { line } = figureSizes(options.presenting)
  const curve = (name: string, values: Float64Array, dash: 'solid' | 'dash'): Trace => ({
    type: 'scatter',
    mode: 'lines',
    name,
    x: Array.from(removed),
    y: finiteOrNull(values),
    line: { color, width: line, dash },
    hovertemplate: `${name} accuracy %{y:.1%} with %{x:.0%} removed<extra></extra>`,
  })
  return [curve('train', curves.trainAccuracy, 'solid'), curve('test', curves.testAccuracy, 'dash')]
}

type Treatment = NoiseFilteringResult['treatments'][number]

/** Names of the treatments beside their test accuracies, so far apart that none covers another. */
function treatmentLabels({ treatments }: NoiseFilteringResult, options: FigureOptions): Partial<Annotations>[] {
  const { muted } = palette(options.theme)
  const { small } = figureSizes(options.presenting)
  const descending = [...treatments].sort((a, b) => b.reading.testAccuracy - a.reading.testAccuracy)
  return descending.map(({ name, removed, reading }, i) => ({
    text: name,
    x: removed,
    y: reading.testAccuracy,
    ax: (removed > 0.5 ? -5 : 5) * small,
    ay: 2 * small * i,
    xanchor: removed > 0.5 ? 'right' : 'left',
    showarrow: true,
    arrowhead: 0,
    arrowwidth: 1,
    arrowcolor: muted,
    standoff: 6,
    font: { size: small, color: muted },
  }))
}

/** Filled for training, open for test. */
function markTraces({ name, removed, reading }: Treatment, options: FigureOptions): Trace[] {
  const { outlier } = palette(options.theme)
  const { marker } = figureSizes(options.presenting)
  const mark = (set: 'train' | 'test', accuracy: number): Trace => ({
    type: 'scatter',
    mode: 'markers',
    name: `${name}, ${set}`,
    x: [removed],
    y: finiteOrNull([accuracy]),
    showlegend: false,
    marker: { color: outlier, symbol: set === 'test' ? `${SYMBOLS[name]}-open` : SYMBOLS[name], size: marker + 3, line: { color: outlier, width: 2 } },
    hovertemplate: `${name}: ${set} accuracy %{y:.1%}<extra></extra>`,
  })
  return [mark('train', reading.trainAccuracy), mark('test', reading.testAccuracy)]
}

function filterTable({ removed, curves, treatments }: NoiseFilteringResult): FigureTable {
  const row = (name: string, share: number, { trainLoss, trainAccuracy, testLoss, testAccuracy }: FilteredReading): Cell[] => {
    return [name, share, ...finiteOrNull([trainLoss, trainAccuracy, testLoss, testAccuracy])]
  }
  const points = Array.from(removed, (share, i) => row('smallest removed', share, readingAt(curves, i)))
  return { columns: COLUMNS, rows: [...points, ...treatments.map(({ name, removed: share, reading }) => row(name, share, reading))] }
}

function readingAt({ trainLoss, trainAccuracy, testLoss, testAccuracy }: NoiseFilteringResult['curves'], i: number): FilteredReading {
  return { trainLoss: trainLoss[i], trainAccuracy: trainAccuracy[i], testLoss: testLoss[i], testAccuracy: testAccuracy[i] }
}

function summary({ layers, removed, curves: { testAccuracy, trainAccuracy }, treatments, labelNoise }: NoiseFilteringResult): string {
  const of = layers.length === 1 ? `layer ${String(layers[0])}` : `layers ${layers.join(', ')}`
  const first = testAccuracy[0]
  const drop = testAccuracy.findIndex((accuracy) => !(accuracy >= first - KEPT))
  const harmless = removed[drop < 0 ? removed.length - 1 : Math.max(0, drop - 1)]
  const best = testAccuracy.reduce((at, accuracy, i) => (accuracy > testAccuracy[at] ? i : at), 0)
  const gain = best === 0 ? '' : `; the test accuracy is best, ${formatShare(testAccuracy[best])}, with ${formatShare(removed[best])} removed`
  const marks = treatments.map(({ name, removed: share, reading }) => `${name} (${formatShare(share)} of the values) ${formatShare(reading.testAccuracy)}`)
  const after = marks.length === 0 ? '' : `; test accuracy after ${marks.join(', ')}`
  const noise = labelNoise > 0 ? `${formatShare(labelNoise)} of the training labels are wrong on purpose` : 'no training label is wrong on purpose'
  return (
    `With all singular values of the kernels of ${of} the network has ${formatShare(trainAccuracy[0])} training and ${formatShare(first)} test accuracy; the smallest ` +
    `${formatShare(harmless)} of them can go before the test accuracy falls by more than one percentage point${gain}${after}; ${noise}.`
  )
}
