import type { Annotations, Layout } from 'plotly.js'
import type { FilteredReading, NoiseFilteringResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import type { Cell, FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import { comparable, filteringSeedsWords, filteringSpread, withFilteringSpread, type TreatmentSpread } from './noise-filtering-spread.ts'
import { finiteOrNull, formatShare, formatShareSpread } from './numbers.ts'
import { bandTrace, spreadBars, spreadName, translucent } from './spread.ts'
import { mostSeeds, type Moments } from './statistics.ts'
import { figureSizes } from './template.ts'

const AXES: FigureAxes = { x: 'r, share of the singular values removed', y: 'a, accuracy', colour: null }
const COLUMNS = ['treatment', 'share removed', 'training loss', 'training accuracy', 'test loss', 'test accuracy']
/** A test accuracy that fell by no more than this counts as kept. */
const KEPT = 0.01
const SYMBOLS = { 'bulk removed': 'square', 'soft threshold': 'diamond', 'optimal shrinkage': 'triangle-up' } as const

export interface NoiseFilteringInput {
  readonly result: NoiseFilteringResult | null
  /** The same of further seeds: with any, curves and marks are means with their spread. */
  readonly others?: readonly NoiseFilteringResult[]
}

/** Accuracy as the smallest singular values of kernels are set to zero; train solid, test dashed, treatments of the bulk as marks. */
export function noiseFilteringFigure({ result, others = [] }: NoiseFilteringInput, options: FigureOptions): FigureSpec {
  if (result === null || result.removed.length === 0) {
    return emptyFigure('noiseFiltering', 'No singular values removed yet', { columns: COLUMNS, rows: [] }, AXES, options)
  }
  const results = comparable(result, others)
  const several = results.length > 1
  const spread = filteringSpread(results)
  const { treatments, curves } = spread
  const layout: Partial<Layout> = {
    xaxis: { title: { text: AXES.x }, tickformat: '.3~%', range: [-0.02, 1.02] },
    yaxis: { title: { text: AXES.y }, tickformat: '.3~%', range: [0, 1.02] },
    annotations: treatmentLabels(treatments, Math.max(...curves.trainAccuracy.map(({ mean }) => mean), ...curves.testAccuracy.map(({ mean }) => mean)), options),
  }
  const data = [
    ...curveTraces('train', curves.trainAccuracy, 'solid', result.removed, options),
    ...curveTraces('test', curves.testAccuracy, 'dash', result.removed, options),
    ...treatments.flatMap((treatment) => markTraces(treatment, options)),
  ]
  const table = several ? withFilteringSpread(filterTable(result), spread) : filterTable(result)
  const words = summary(result) + (several ? filteringSeedsWords(results, spread) : '')
  return buildFigure({ id: 'noiseFiltering', data, layout, table, summary: words, axes: AXES }, options)
}

/** A curve; over several seeds the mean in its band. */
function curveTraces(name: 'train' | 'test', places: readonly Moments[], dash: 'solid' | 'dash', removed: Float64Array, options: FigureOptions): Trace[] {
  const colour = variantColour(options.theme, options.variant ?? 0)
  const x = Array.from(removed)
  const several = mostSeeds(places) > 1
  const curve: Trace = {
    type: 'scatter',
    mode: 'lines',
    name: several && name === 'train' ? `train, ${spreadName(places)}` : name,
    x,
    y: finiteOrNull(places.map(({ mean }) => mean)),
    line: { color: colour, width: figureSizes(options.presenting).line, dash },
    customdata: places.map(formatShareSpread),
    hovertemplate: `${name} accuracy %{customdata} with %{x:.0%} removed<extra></extra>`,
  }
  return several ? [bandTrace({ x, places, colour }), curve] : [curve]
}

/** Treatments whose marks lie nearer than this to each other share a label. */
const TOGETHER = 0.05

/** Names of the treatments beside their test accuracies, those of marks at the same place as one, on the side of the empty corner. */
function treatmentLabels(treatments: readonly TreatmentSpread[], peak: number, options: FigureOptions): Partial<Annotations>[] {
  const { muted, surface } = palette(options.theme)
  const { small } = figureSizes(options.presenting)
  const near = (a: TreatmentSpread, b: TreatmentSpread) => {
    return Math.abs(a.removed.mean - b.removed.mean) < TOGETHER && Math.abs(a.reading.testAccuracy.mean - b.reading.testAccuracy.mean) < TOGETHER
  }
  const groups: TreatmentSpread[][] = []
  for (const treatment of [...treatments].sort((a, b) => b.reading.testAccuracy.mean - a.reading.testAccuracy.mean)) {
    const group = groups.find(([first]) => near(first, treatment))
    if (group === undefined) groups.push([treatment])
    else group.push(treatment)
  }
  let lines = 0
  return groups.map((group) => {
    const [{ removed, reading }] = group
    const right = removed.mean > 0.5
    // At the foot of the curve there is room beside it, at the top below it; above all of it where the curve itself is low.
    const low = reading.testAccuracy.mean < 0.4
    const shift = 1.3 * small * (lines + (group.length - 1) / 2) + (lines > 0 ? small : 0)
    const above = low && peak < 0.5 ? { ayref: 'y' as const, ay: peak + 0.05 + 0.08 * lines, yanchor: 'bottom' as const } : {}
    lines += group.length
    return {
      text: group.map(({ name }) => name).join('<br>'),
      x: removed.mean,
      y: reading.testAccuracy.mean,
      ax: (right ? -4 : 4) * small,
      ay: low ? -small - shift : 2 * small + shift,
      xanchor: right ? 'right' : 'left',
      ...above,
      align: right ? 'right' : 'left',
      showarrow: true,
      arrowhead: 0,
      arrowwidth: 1,
      arrowcolor: muted,
      standoff: 6,
      font: { size: small, color: muted },
      // Where a curve runs below the words they stay legible.
      bgcolor: translucent(surface, 0.75),
      borderpad: 1,
    }
  })
}

/** Filled for training, open for test. */
function markTraces({ name, removed, reading }: TreatmentSpread, options: FigureOptions): Trace[] {
  const { outlier } = palette(options.theme)
  const { marker } = figureSizes(options.presenting)
  const mark = (set: 'train' | 'test', accuracy: Moments): Trace => ({
    type: 'scatter',
    mode: 'markers',
    name: `${name}, ${set}`,
    x: [removed.mean],
    y: finiteOrNull([accuracy.mean]),
    ...(accuracy.n > 1 ? { error_y: spreadBars([accuracy], outlier) } : {}),
    ...(removed.n > 1 ? { error_x: spreadBars([removed], outlier) } : {}),
    cliponaxis: false,
    showlegend: false,
    marker: { color: outlier, symbol: set === 'test' ? `${SYMBOLS[name]}-open` : SYMBOLS[name], size: marker + 3, line: { color: outlier, width: 2 } },
    hovertemplate: `${name}: ${set} accuracy ${formatShareSpread(accuracy)}<extra></extra>`,
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
