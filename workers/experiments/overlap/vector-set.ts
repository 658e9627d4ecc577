import { dot } from '../../numerics/vector-space.ts'

/** Unit vectors as rows [count, dimension], in either precision. */
export interface VectorSet {
  readonly count: number
  readonly dimension: number
  readonly values: Float64Array | Float32Array
}

export function vectorSet(values: Float64Array | Float32Array, dimension: number): VectorSet {
  return { count: values.length / dimension, dimension, values }
}

/** Vector i in float64; a view where it is stored so. */
export function vectorAt({ values, dimension }: VectorSet, i: number): Float64Array {
  const row = values.subarray(i * dimension, (i + 1) * dimension)
  return row instanceof Float64Array ? row : Float64Array.from(row)
}

/** a · (entries `start` … of the set, as many as a has). Sums run in order in both precisions. */
export function dotWith(a: Float64Array, { values }: VectorSet, start: number): number {
  const part = values.subarray(start, start + a.length)
  return part instanceof Float64Array ? dot(a, part) : dotSingle(a, part)
}

function dotSingle(a: Float64Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}
