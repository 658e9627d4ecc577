/** Arrays under Keras's names (`conv2d_1/kernel:0`), or numbered in the order of `model.get_weights()`. */
import type { NdArray } from '../data/nd-array.ts'
import type { Graph } from './graph.ts'
import { KERAS_CLASSES, KERAS_ROLES, kerasLayers, kerasName, layersInKerasOrder, type KerasLayer } from './keras-layers.ts'
import { fitSlot, misfit, takeSlot, type Slot } from './slots.ts'

/** A layer's name, perhaps behind a folder as in .h5 files, and the role. */
const NAME = /^(?:.*\/)?([^/]+)\/(kernel|bias|gamma|beta|moving_mean|moving_variance)(?::0)?$/
/** `arr_0` is what `numpy.savez(*arrays)` writes. */
const NUMBERED = /^(?:arr_)?(\d+)$/
/** Names that Keras and TensorFlow.js number by themselves: `conv2d`, `conv2d_4`, `conv2d_Conv2D1`. */
const AUTOMATIC = /^(conv2d|dense|batch_normalization)(?:_(?:Conv2D|Dense|BatchNormalization)?(\d+))?$/

/** One layer of a file: its arrays by role, each with the name it has there. */
interface Group {
  readonly name: string
  readonly arrays: ReadonlyMap<string, readonly [name: string, array: NdArray]>
}

/** Arrays by Keras's names in the order of `model.get_weights()`. */
export function kerasArrays(graph: Graph, slots: readonly Slot[], state: Float32Array, suffix = ':0'): Map<string, NdArray> {
  const layers = layersInKerasOrder(graph, slots)
  return new Map(layers.flatMap((layer) => layer.slots.map((slot) => [kerasName(layer, slot) + suffix, takeSlot(state, slot)] as const)))
}

export function isKerasNaming(names: readonly string[]): boolean {
  return names.every((name) => NAME.test(name))
}

export function isNumbered(names: readonly string[]): boolean {
  return names.every((name) => NUMBERED.test(name))
}

/**
 * Fills `state` from arrays under Keras's names. Layers that Keras numbered by itself are taken in the order of
 * their numbers, others in the order of the file, which has to be that of `model.layers`.
 * @throws DataError `shape` naming the array at fault, or `value`
 */
export function putKeras(tensors: ReadonlyMap<string, NdArray>, graph: Graph, slots: readonly Slot[], state: Float32Array): void {
  const groups = groupsOf(tensors)
  const pairs = groups.every(({ name }) => AUTOMATIC.test(name)) ? byNumber(groups, kerasLayers(graph, slots)) : byOrder(groups, layersInKerasOrder(graph, slots))
  for (const [group, layer] of pairs) {
    const problem = putLayer(group, layer, state)
    if (problem !== null) throw misfit(problem, tensors, slots)
  }
}

/**
 * Fills `state` from arrays `0`, `1`, … (or `arr_0`, …) in the order of `model.get_weights()`.
 * @throws DataError `shape` naming the array at fault, or `value`
 */
export function putNumbered(tensors: ReadonlyMap<string, NdArray>, graph: Graph, slots: readonly Slot[], state: Float32Array): void {
  const byNumber = new Map(Array.from(tensors, ([name, array]) => [numberOf(name), { name, array }]))
  const expected = layersInKerasOrder(graph, slots).flatMap((layer) => layer.slots.map((slot) => ({ slot, keras: kerasName(layer, slot) })))
  expected.forEach(({ slot, keras }, i) => {
    const found = byNumber.get(i)
    const problem = fitSlot(state, slot, `${found?.name ?? i} (${keras})`, found?.array)
    if (problem !== null) throw misfit(problem, tensors, slots)
  })
  const extra = [...tensors.keys()].find((name) => numberOf(name) >= expected.length)
  if (extra !== undefined) throw misfit(`${extra} is an array too many, expected ${expected.length} arrays`, tensors, slots)
}

function numberOf(name: string): number {
  return Number(NUMBERED.exec(name)?.[1])
}

function groupsOf(tensors: ReadonlyMap<string, NdArray>): Group[] {
  const groups = new Map<string, Map<string, readonly [string, NdArray]>>()
  for (const [name, array] of tensors) {
    // Roles that no layer here has are told by whoever finds no counterpart for them.
    const [, layer, role] = NAME.exec(name) ?? /^(?:(.*)\/)?(.*)$/.exec(name) ?? []
    const arrays = groups.get(layer) ?? new Map<string, readonly [string, NdArray]>()
    groups.set(layer, arrays.set(role, [name, array]))
  }
  return Array.from(groups, ([name, arrays]) => ({ name, arrays }))
}

type Pair = readonly [group: Group | null, layer: KerasLayer | null]

function byNumber(groups: readonly Group[], layers: readonly KerasLayer[]): Pair[] {
  const rank = ({ name }: Group): number => Number(AUTOMATIC.exec(name)?.[2] ?? 0)
  return Object.values(KERAS_CLASSES).flatMap(([className, baseName]) => {
    const mine = groups.filter(({ name }) => AUTOMATIC.exec(name)?.[1] === baseName).sort((a, b) => rank(a) - rank(b))
    const expected = layers.filter((layer) => layer.className === className && layer.slots.length > 0)
    const has = (list: readonly { readonly name: string }[], name: string): boolean => list.some((one) => one.name === name)
    // With a wrong number of layers the name tells more than the first shape that does not fit.
    const missing = mine.length < expected.length ? expected.find(({ name }) => !has(mine, name)) : undefined
    const extra = mine.length > expected.length ? mine.find(({ name }) => !has(expected, name)) : undefined
    const odd: Pair[] = missing ? [[null, missing]] : extra ? [[extra, null]] : []
    return [...odd, ...byOrder(mine, expected)]
  })
}

function byOrder(groups: readonly Group[], layers: readonly KerasLayer[]): Pair[] {
  return Array.from({ length: Math.max(groups.length, layers.length) }, (_, i) => [groups[i] ?? null, layers[i] ?? null] as const)
}

/** Copies one layer; what does not fit is returned. */
function putLayer(group: Group | null, layer: KerasLayer | null, state: Float32Array): string | null {
  if (layer === null) return `layer ${group?.name} has no counterpart`
  if (group === null) return `layer ${layer.name} (${layer.slots.map(({ name }) => name).join(', ')}) is missing`
  const expected = new Set(layer.slots.map(({ role }) => KERAS_ROLES[role]))
  const extra = [...group.arrays].find(([role]) => !expected.has(role))
  if (extra !== undefined) return `${extra[1][0]} has no counterpart in ${layer.slots[0].name.split('/')[0]}`
  for (const slot of layer.slots) {
    const [name, array] = group.arrays.get(KERAS_ROLES[slot.role]) ?? [`${group.name}/${KERAS_ROLES[slot.role]}`, undefined]
    const problem = fitSlot(state, slot, name, array)
    if (problem !== null) return problem
  }
  return null
}
