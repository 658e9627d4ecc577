import { DataError } from '../data/data-error.ts'
import { ndArray, shapeText, type NdArray } from '../data/nd-array.ts'
import { describeLayout, describeTensors, putFinite, sameShape, type WeightEntry } from '../data/weight-layout.ts'
import type { Network } from '../networks/network.ts'

export type Role = 'kernel' | 'bias' | 'gamma' | 'beta' | 'mean' | 'variance'

/** The place of one array in the flat state of a network: weights, with the statistics of batch norms behind them. */
export interface Slot extends WeightEntry {
  readonly role: Role
  /** Number of its layer in selections, from 1. */
  readonly layer: number
}

/** Every array of a network, layer by layer: its parameters, then its statistics. */
export function slotsOf(network: Network): Slot[] {
  const parameters = network.parameters.map(({ name, role, layer, shape, offset, size }): Slot => ({ name, role, layer, shape, offset, size }))
  const statistics = network.statistics.map(({ name, layer, offset, size }): Slot => {
    return { name, role: name.endsWith('/mean') ? 'mean' : 'variance', layer, shape: [size], offset: network.parameterCount + offset, size }
  })
  // The sort is stable: within a layer the order stays.
  return [...parameters, ...statistics].sort((a, b) => a.layer - b.layer)
}

/** The numbers of one array, copied, in the shape of its slot. */
export function takeSlot(state: Float32Array, { offset, size, shape }: Slot): NdArray {
  return ndArray(state.slice(offset, offset + size), shape)
}

/**
 * Writes numbers into their place.
 * @param subject the array's name in its file
 * @throws DataError `value` for what is not finite in float32, or a negative variance
 */
export function putSlot(state: Float32Array, { offset, role }: Slot, data: ArrayLike<number>, subject: string): void {
  putFinite(state, offset, data, subject)
  if (role !== 'variance') return
  for (let i = 0; i < data.length; i++) {
    if (data[i] < 0) throw new DataError('value', `weights: ${subject} has ${data[i]} at index ${i}, expected a variance, which is not negative; export the weights again`)
  }
}

/** How a format keeps an array differently. */
export interface Stored {
  readonly shape: readonly number[]
  /** Its elements in our order. */
  read(data: NdArray['data']): ArrayLike<number>
}

/**
 * Writes an array into its place if it is there and has the right shape.
 * @param name the array's name in its file
 * @returns why it does not fit, or null
 * @throws DataError `value`, see `putSlot`
 */
export function fitSlot(state: Float32Array, slot: Slot, name: string, array: NdArray | undefined, stored: Stored = { shape: slot.shape, read: (data) => data }): string | null {
  if (array === undefined) return `${name} is missing`
  if (!sameShape(array.shape, stored.shape)) {
    const hint = sameShape([...array.shape].reverse(), stored.shape) ? ', it looks transposed' : ''
    return `${name} has shape ${shapeText(array.shape)}, expected ${shapeText(stored.shape)} for ${slot.name}${hint}`
  }
  putSlot(state, slot, stored.read(array.data), name)
  return null
}

/**
 * Checks the size before a state is written to a file.
 * @throws RangeError
 */
export function checkState(network: Network, state: Float32Array): void {
  if (state.length === network.stateLength) return
  throw new RangeError(`state: ${state.length} numbers, expected ${network.stateLength} for ${network.description}; pass the weights of this network with its statistics behind them`)
}

/** The error for arrays that do not fit a network: the problem, what came and what was expected. */
export function misfit(problem: string, tensors: ReadonlyMap<string, NdArray>, slots: readonly WeightEntry[]): DataError {
  return new DataError('shape', `weights: ${problem}; got ${describeTensors(tensors)}; expected ${describeLayout(slots)}; choose the network these weights belong to`)
}
