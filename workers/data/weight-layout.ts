import { DataError } from './data-error.ts'
import { shapeText, type NdArray } from './nd-array.ts'

/** One parameter's place in the flat weight vector. */
export interface WeightEntry {
  /** Layer and role, e.g. `dense_1/kernel`. */
  readonly name: string
  /** TensorFlow shape: dense kernels [in, out], conv kernels [kh, kw, in, out]. */
  readonly shape: readonly number[]
  readonly offset: number
  readonly size: number
}

export type WeightLayout = readonly WeightEntry[]

/** Length of the flat vector. */
export const layoutSize = (layout: WeightLayout): number => layout.reduce((end, entry) => Math.max(end, entry.offset + entry.size), 0)

/** At most this many names appear in a message. */
const LISTED = 12

/** Names with shapes, cut to a readable length. */
export function describe(items: Iterable<readonly [name: string, shape: readonly number[]]>): string {
  const all = Array.from(items, ([name, shape]) => `${name} ${shapeText(shape)}`)
  return all.length <= LISTED ? all.join(', ') : `${all.slice(0, LISTED).join(', ')} and ${all.length - LISTED} more`
}

export const describeTensors = (tensors: ReadonlyMap<string, NdArray>): string =>
  describe(Array.from(tensors, ([name, { shape }]) => [name, shape] as const))

export const describeLayout = (layout: WeightLayout): string => describe(layout.map(({ name, shape }) => [name, shape] as const))

/** The error for tensors that do not fit a network, with what came and what was expected. */
export function misfit(problem: string, tensors: ReadonlyMap<string, NdArray>, layout: WeightLayout): DataError {
  return new DataError(
    'shape',
    `weights: ${problem}; got ${describeTensors(tensors)}; expected ${describeLayout(layout)}, or one vector theta ${shapeText([layoutSize(layout)])}; choose the network these weights belong to`,
  )
}

/**
 * Copies elements into `theta` as float32.
 * @throws DataError `value` with the index of the first value that is not finite in float32
 */
export function putFinite(theta: Float32Array, offset: number, data: ArrayLike<number>, subject: string): void {
  for (let i = 0; i < data.length; i++) {
    const value = Math.fround(data[i])
    if (!Number.isFinite(value)) {
      throw new DataError('value', `weights: ${subject} has ${data[i]} at index ${i}, expected a finite float32; export weights from before the divergence`)
    }
    theta[offset + i] = value
  }
}

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis])
