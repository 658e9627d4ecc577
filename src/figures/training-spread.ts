import type { EpochHistory } from '../contracts/results.ts'
import { variantColour } from './colours.ts'
import type { FigureOptions, FigureTable, Trace } from './figure-spec.ts'
import { formatCount, formatShareSpread, formatSpread } from './numbers.ts'
import { bandTrace, spreadName } from './spread.ts'
import { withMoments } from './spread-table.ts'
import { momentsAt, type Moments } from './statistics.ts'
import { figureSizes } from './template.ts'

type Curve = 'trainLoss' | 'testLoss' | 'trainAccuracy' | 'testAccuracy'

/** Training curves of several seeds, epoch by epoch. All arrays are equally long. */
export interface TrainingSpread {
  readonly epochs: readonly number[]
  readonly steps: readonly number[]
  readonly curves: Readonly<Record<Curve, readonly Moments[]>>
}

/** Mean and spread at every epoch that any seed has reached, over those that have. */
export function trainingSpread(histories: readonly EpochHistory[]): TrainingSpread {
  const places = histories.map(({ epoch }) => new Map(epoch.map((e, i) => [e, i])))
  const epochs = [...new Set(histories.flatMap(({ epoch }) => epoch))].sort((a, b) => a - b)
  const at = (epoch: number, values: (history: EpochHistory) => readonly number[]): number[] =>
    histories.map((history, k) => values(history)[places[k].get(epoch) ?? -1] ?? NaN)
  const curve = (name: Curve): Moments[] => momentsAt(epochs.length, (i) => at(epochs[i], (history) => history[name]))
  return {
    epochs,
    steps: epochs.map((epoch) => at(epoch, ({ step }) => step).find(Number.isFinite) ?? NaN),
    curves: { trainLoss: curve('trainLoss'), testLoss: curve('testLoss'), trainAccuracy: curve('trainAccuracy'), testAccuracy: curve('testAccuracy') },
  }
}

interface SpreadLook extends FigureOptions {
  readonly logLoss: boolean
  readonly unit?: 'epoch' | 'batch'
}

/** Means as lines, train solid and test dashed, each in a band of one standard deviation. */
export function spreadTraces({ epochs, steps, curves }: TrainingSpread, options: SpreadLook): Trace[] {
  const { line } = figureSizes(options.presenting)
  const colour = variantColour(options.theme, options.variant ?? 0)
  const x = [...(options.unit === 'batch' ? steps : epochs)]
  const pair = (name: 'train' | 'test', places: readonly Moments[], quantity: 'loss' | 'accuracy'): Trace[] => {
    const yaxis = quantity === 'loss' ? 'y' : 'y2'
    const scale = quantity === 'loss' && options.logLoss ? 'log' : 'linear'
    const isFirst = name === 'train' && quantity === 'loss'
    const words = places.map((place) => `${quantity === 'loss' ? formatSpread(place) : formatShareSpread(place)}, n = ${String(place.n)}`)
    return [
      bandTrace({ x, places, colour, scale, look: { yaxis, name: spreadName(places), showlegend: isFirst, legendgroup: 'spread' } }),
      {
        type: 'scatter',
        mode: x.length > 1 ? 'lines' : 'markers',
        name,
        x,
        y: places.map(({ mean }) => (Number.isFinite(mean) ? mean : null)),
        yaxis,
        line: { color: colour, width: line, dash: name === 'train' ? 'solid' : 'dash' },
        marker: { color: colour, symbol: name === 'train' ? 'circle' : 'circle-open' },
        legendgroup: name,
        showlegend: quantity === 'loss',
        customdata: words,
        hovertemplate: `${name} ${quantity} %{customdata}<extra></extra>`,
      },
    ]
  }
  return [
    ...pair('train', curves.trainLoss, 'loss'),
    ...pair('test', curves.testLoss, 'loss'),
    ...pair('train', curves.trainAccuracy, 'accuracy'),
    ...pair('test', curves.testAccuracy, 'accuracy'),
  ]
}

/** The table of the main seed, as many epochs as any seed has, with mean, standard deviation and number of seeds beside it. */
export function withSpread(table: FigureTable, { epochs, steps, curves }: TrainingSpread): FigureTable {
  const own = new Map(table.rows.map((row) => [row[0], row]))
  const rows = epochs.map((epoch, i) => own.get(epoch) ?? [epoch, Number.isFinite(steps[i]) ? steps[i] : null, ...table.columns.slice(2).map(() => null)])
  return withMoments({ columns: table.columns, rows }, [
    { name: 'training loss', places: curves.trainLoss },
    { name: 'training accuracy', places: curves.trainAccuracy },
    { name: 'test loss', places: curves.testLoss },
    { name: 'test accuracy', places: curves.testAccuracy },
  ])
}

/** Where the seeds stand at the last epoch that all of them have reached. */
export function spreadSummary({ epochs, curves }: TrainingSpread): string {
  const most = Math.max(...curves.trainLoss.map(({ n }) => n))
  const at = Math.max(0, curves.trainLoss.findLastIndex(({ n }) => n === most))
  const part = (loss: Moments, accuracy: Moments): string => `loss ${formatSpread(loss)} and accuracy ${formatShareSpread(accuracy)}`
  return (
    `After ${formatCount(epochs[at])} epochs, mean ± s.d. of ${String(most)} seeds: training ${part(curves.trainLoss[at], curves.trainAccuracy[at])}; ` +
    `test ${part(curves.testLoss[at], curves.testAccuracy[at])}.`
  )
}
