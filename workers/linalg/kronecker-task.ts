import { multiply } from './product.ts'
import type { Pace, Problem } from './problem.ts'

/** Where a Kronecker sum lies in the memory of its problem, behind everything else. */
export interface KroneckerPlace {
  readonly inputs: number
  readonly outputs: number
  /** [pairs of inputs] 16 bits for each number of a pair. */
  readonly table: number
  /** [pairs of inputs, pairs of outputs] the sum so far. */
  readonly products: number
  /** [block, inputs] and [block, pairs of outputs]: samples of a block. */
  readonly samples: number
  readonly factors: number
  readonly end: number
}

/** Adds the samples in place, `rows` of them. */
export interface SamplesTask {
  readonly kind: 'samples'
  readonly place: KroneckerPlace
  readonly rows: number
}

/** Writes the sum to the matrix. */
export interface ScatterTask {
  readonly kind: 'scatter'
  readonly place: KroneckerPlace
  readonly shift: number
}

/** Samples of a block: how they are cut decides the order of the sums. */
export const BLOCK = 1024

export function pairsOf(count: number): number {
  return (count * (count + 1)) / 2
}

export function placeKronecker(inputs: number, outputs: number, start: number): KroneckerPlace {
  let end = start
  const take = (bytes: number): number => {
    const address = end
    end += 64 * Math.ceil(bytes / 64)
    return address
  }
  return {
    inputs,
    outputs,
    table: take(4 * pairsOf(inputs)),
    products: take(8 * pairsOf(inputs) * pairsOf(outputs)),
    samples: take(8 * BLOCK * inputs),
    factors: take(8 * BLOCK * pairsOf(outputs)),
    end,
  }
}

export async function addSamples(problem: Problem, { place, rows }: SamplesTask, pace: Pace): Promise<void> {
  const { inputs, outputs, table, products, samples, factors } = place
  const columns = pairsOf(outputs)
  await multiply(
    problem,
    {
      address: products, stride: 8 * columns, rows: pairsOf(inputs), columns, terms: rows, how: 'add',
      left: { address: samples, stride: 8 * inputs, order: 'pairs', table },
      right: { address: factors, stride: 8 * columns, order: 'columns' },
    },
    pace,
  )
}

export async function scatterProducts(problem: Problem, { place, shift }: ScatterTask, pace: Pace): Promise<void> {
  const { size, matrix, scalar } = problem.layout
  problem.floats(scalar, 1)[0] = shift
  const words = [matrix, 8 * size, place.inputs, place.outputs, place.products, scalar]
  await problem.runPieces('scatterPairs', words, size, size * size, pace)
}
