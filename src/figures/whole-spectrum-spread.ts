import type { WholeSpectrumResult } from '../contracts/results.ts'
import { variantColour } from './colours.ts'
import { endsIndices } from './decimate.ts'
import type { FigureOptions, FigureTable, Trace } from './figure-spec.ts'
import { formatSpread } from './numbers.ts'
import { bandBetween, spreadName } from './spread.ts'
import { withMoments } from './spread-table.ts'
import { extent, moments, momentsAt, mostSeeds, type Moments } from './statistics.ts'
import type { ValueScale } from './value-scale.ts'

/** All eigenvalues over several seeds, by index. */
export interface WholeSpread {
  /** The main seed's result with means for eigenvalues, and the largest of the rounding levels. */
  readonly mean: WholeSpectrumResult
  readonly places: readonly Moments[]
  /** Smallest and largest of the seeds. */
  readonly ends: readonly (readonly [low: number, high: number])[]
}

export function wholeSpread(results: readonly WholeSpectrumResult[]): WholeSpread {
  const [main] = results
  const values = Array.from(main.eigenvalues, (_, i) => results.map(({ eigenvalues }) => eigenvalues[i] ?? NaN))
  const places = momentsAt(values.length, (i) => values[i])
  const { compared } = main
  const before = compared === null ? [] : momentsAt(compared.eigenvalues.length, (i) => results.map((result) => result.compared?.eigenvalues[i] ?? NaN))
  const mean = {
    ...main,
    eigenvalues: means(places),
    rounding: Math.max(...results.map(({ rounding }) => rounding)),
    compared: compared === null ? null : { epoch: compared.epoch, eigenvalues: means(before) },
  }
  return { mean, places, ends: values.map(extent) }
}

function means(places: readonly Moments[]): Float64Array {
  return Float64Array.from(places, ({ mean }) => mean)
}

/**
 * One standard deviation about the mean on a linear scale. On a logarithmic one, where a deviation as large as the mean has
 * no lower end, everything between the smallest and the largest of the seeds.
 */
export function spreadBand({ places, ends }: WholeSpread, scale: ValueScale, options: FigureOptions): Trace {
  const kept = endsIndices(places.length)
  const linear = scale.kind === 'linear'
  const edge = (i: number, end: 0 | 1) => scale.forward(linear ? places[i].mean + (end === 0 ? -1 : 1) * places[i].deviation : ends[i][end])
  return bandBetween({
    x: kept.map((i) => i + 1),
    low: kept.map((i) => edge(i, 0)),
    high: kept.map((i) => edge(i, 1)),
    colour: variantColour(options.theme, options.variant ?? 0),
    look: { name: linear ? spreadName(places) : `range of ${String(mostSeeds(places))} seeds`, showlegend: true },
  })
}

/** The table of the main seed with mean, standard deviation and number of seeds beside it. */
export function withWholeSpread(table: FigureTable, { places }: WholeSpread): FigureTable {
  return withMoments(table, [{ name: 'eigenvalue', places }])
}

export function wholeSpreadWords(results: readonly WholeSpectrumResult[]): string {
  const over = (of: (result: WholeSpectrumResult) => number) => formatSpread(moments(results.map(of)))
  return (
    ` Over ${String(results.length)} seeds the largest is ${over(({ eigenvalues }) => eigenvalues[0])}, the trace ${over(({ trace }) => trace)} ` +
    `and the number of negative ones ${over(({ negative }) => negative)} (mean ± s.d.).`
  )
}
