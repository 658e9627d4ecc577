/** Arrays under our own names (`conv_1/kernel`, `conv_1/mean`), or the flat state as one vector. */
import { shapeText, type NdArray } from '../data/nd-array.ts'
import { sameShape } from '../data/weight-layout.ts'
import { fitSlot, misfit, putSlot, takeSlot, type Slot } from './slots.ts'

const NAME = /^(?:conv|dense)_\d+\/(?:kernel|bias|gamma|beta|mean|variance)$/
const FLAT = 'theta'

/** Arrays by our names, layer by layer. */
export function ownArrays(slots: readonly Slot[], state: Float32Array): Map<string, NdArray> {
  return new Map(slots.map((slot) => [slot.name, takeSlot(state, slot)]))
}

/** Whether names are ours: Keras numbers dense layers alike, so that one has to be known. */
export function isOwnNaming(names: readonly string[], slots: readonly Slot[]): boolean {
  return names.every((name) => NAME.test(name)) && slots.some(({ name }) => names.includes(name))
}

/**
 * Fills `state` from arrays under our names.
 * @throws DataError `shape` naming the array at fault, or `value`
 */
export function putOwn(tensors: ReadonlyMap<string, NdArray>, slots: readonly Slot[], state: Float32Array): void {
  const known = new Set(slots.map(({ name }) => name))
  const unknown = [...tensors.keys()].find((name) => !known.has(name))
  if (unknown !== undefined) throw misfit(`${unknown} is no array of this network`, tensors, slots)
  for (const slot of slots) {
    const problem = fitSlot(state, slot, slot.name, tensors.get(slot.name))
    if (problem !== null) throw misfit(problem, tensors, slots)
  }
}

/** Whether there is one array only, and it is called `theta` or has the size of the whole state. */
export function isFlat(tensors: ReadonlyMap<string, NdArray>, state: Float32Array): boolean {
  const [[name, { shape }]] = tensors
  return tensors.size === 1 && (name === FLAT || sameShape(shape, [state.length]))
}

/**
 * Fills `state` from one vector: the weights, layer by layer, kernel first, then the statistics of batch norms.
 * @throws DataError `shape` or `value`, naming the index
 */
export function putFlat(tensors: ReadonlyMap<string, NdArray>, slots: readonly Slot[], state: Float32Array): void {
  const [[name, { shape, data }]] = tensors
  if (!sameShape(shape, [state.length])) throw misfit(`${name} has shape ${shapeText(shape)}, expected ${shapeText([state.length])}`, tensors, slots)
  for (const slot of slots) putSlot(state, slot, data.subarray(slot.offset, slot.offset + slot.size), `${name} (${slot.name})`)
}
