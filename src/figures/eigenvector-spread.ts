import type { EigenvectorResult } from '../contracts/results.ts'
import type { Trace } from './figure-spec.ts'
import type { IndexAxis } from './index-axis.ts'
import { bandTrace } from './spread.ts'
import { momentsAt, type Moments } from './statistics.ts'

/** Something that every eigenvector has, such as its participation ratio. */
type OfVectors = (result: EigenvectorResult) => ArrayLike<number>

/**
 * Values of every vector of the first result in all of them, the first one's first: a vector is told by its place in the
 * whole spectrum. NaN where a result has none there.
 */
export function vectorValues(results: readonly EigenvectorResult[], of: OfVectors): number[][] {
  const seeds = results.map((result) => {
    const values = of(result)
    return new Map(Array.from(result.index, (place, i) => [place, values[i]]))
  })
  return Array.from(results[0].index, (place) => seeds.map((values) => values.get(place) ?? NaN))
}

/** Mean and spread of every vector of the first result over all of them. */
export function vectorMoments(results: readonly EigenvectorResult[], of: OfVectors): Moments[] {
  const values = vectorValues(results, of)
  return momentsAt(values.length, (i) => values[i])
}

export interface VectorBand {
  readonly spread: readonly Moments[]
  /** Which vectors are drawn. */
  readonly kept: readonly number[]
  readonly colour: string
  readonly scale?: 'linear' | 'log'
  readonly look?: Trace
}

/** Band of one standard deviation by index, interrupted between the two ends of a spectrum. */
export function vectorBand({ spread, kept, ...look }: VectorBand, { positions, gap }: IndexAxis): Trace {
  const drawn = kept.map((i) => ({ x: positions[i], place: spread[i] }))
  const nothing = gap === null ? [] : [{ x: gap, place: { mean: NaN, deviation: NaN, n: 0 } }]
  const inOrder = [...drawn, ...nothing].sort((a, b) => a.x - b.x)
  return bandTrace({ ...look, x: inOrder.map(({ x }) => x), places: inOrder.map(({ place }) => place) })
}
