/**
 * PyTorch state dicts: `<module>.weight`, `.bias`, `.running_mean`, `.running_var`. Kernels are [out, in] and
 * [out, in, kh, kw] there, and images are flattened channel by channel. Modules are matched kind by kind
 * (convolutions, dense layers, batch norms), each in the order of definition.
 */
import type { NdArray } from '../data/nd-array.ts'
import { kerasLayers, type KerasLayer } from './keras-layers.ts'
import type { Graph } from './graph.ts'
import { fitSlot, misfit, type Role, type Slot } from './slots.ts'

const NAME = /^(.*)\.(weight|bias|running_mean|running_var|num_batches_tracked)$/
/** `0.weight`, `features.3.bias`: numbered by a sequence, whatever the order in the file. */
const SEQUENTIAL = /^(?:.*\.)?\d+$/

type Kind = 'conv' | 'dense' | 'batchNorm'

interface Module {
  readonly name: string
  readonly arrays: ReadonlyMap<string, NdArray>
}

const TORCH_ROLES: Readonly<Record<Role, string>> = {
  kernel: 'weight',
  bias: 'bias',
  gamma: 'weight',
  beta: 'bias',
  mean: 'running_mean',
  variance: 'running_var',
}

export function isTorchNaming(names: readonly string[]): boolean {
  return names.every((name) => NAME.test(name))
}

/**
 * Fills `state` from a state dict. The first dense layer of a network on images without convolutions is taken as
 * trained on inputs flattened in H,W,C order, which for one channel is every order.
 * @param ordered whether the order of the arrays is that of the state dict; safetensors files sort by name instead
 * @throws DataError `shape` naming the array at fault, or `value`
 */
export function putTorch(tensors: ReadonlyMap<string, NdArray>, ordered: boolean, graph: Graph, slots: readonly Slot[], state: Float32Array): void {
  const modules = modulesOf(tensors, ordered)
  const layers = kerasLayers(graph, slots)
  for (const kind of ['conv', 'dense', 'batchNorm'] as const) {
    const mine = modules.filter((module) => kindOf(module) === kind)
    const expected = layers.filter(({ node }) => node.op === kind)
    for (let i = 0; i < Math.max(mine.length, expected.length); i++) {
      const problem = putModule(mine[i] ?? null, expected[i] ?? null, graph, state)
      if (problem !== null) throw misfit(problem, tensors, slots)
    }
  }
}

function modulesOf(tensors: ReadonlyMap<string, NdArray>, ordered: boolean): Module[] {
  const modules = new Map<string, Map<string, NdArray>>()
  for (const [name, array] of tensors) {
    const [, module, role] = NAME.exec(name) ?? []
    if (role === 'num_batches_tracked') continue
    modules.set(module, (modules.get(module) ?? new Map<string, NdArray>()).set(role, array))
  }
  const list = Array.from(modules, ([name, arrays]) => ({ name, arrays }))
  const sequential = list.every(({ name }) => SEQUENTIAL.test(name))
  return ordered && !sequential ? list : list.sort((a, b) => naturally(a.name, b.name))
}

/** `layer2` before `layer10`. */
function naturally(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split(/(\d+)/))
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (left[i] === right[i]) continue
    const numeric = i % 2 === 1 ? Number(left[i]) - Number(right[i]) : 0
    return numeric || (left[i] < right[i] ? -1 : 1)
  }
  return left.length - right.length
}

function kindOf({ arrays }: Module): Kind {
  const rank = arrays.get('weight')?.shape.length
  if (rank === 4) return 'conv'
  return rank === 1 || arrays.has('running_mean') ? 'batchNorm' : 'dense'
}

/** Copies one module; what does not fit is returned. */
function putModule(module: Module | null, layer: KerasLayer | null, graph: Graph, state: Float32Array): string | null {
  if (layer === null) return `${module?.name}.weight has no counterpart`
  const ours = layer.slots[0].name.split('/')[0]
  if (module === null) return `the ${layer.className} of ${ours} is missing`
  const expected = new Set(layer.slots.map(({ role }) => TORCH_ROLES[role]))
  const extra = [...module.arrays.keys()].find((role) => !expected.has(role))
  if (extra !== undefined) return `${module.name}.${extra} has no counterpart in ${ours}${extra === 'bias' ? ' (a layer with batch norm has no bias; train with bias=False)' : ''}`
  for (const slot of layer.slots) {
    const role = TORCH_ROLES[slot.role]
    const stored = { shape: torchShape(slot.shape), read: (data: NdArray['data']) => reorder(data, slot, channelsBefore(layer, graph)) }
    const problem = fitSlot(state, slot, `${module.name}.${role}`, module.arrays.get(role), stored)
    if (problem !== null) return problem
  }
  return null
}

/** PyTorch's shape of an array with our shape. */
export function torchShape(shape: readonly number[]): readonly number[] {
  if (shape.length === 2) return [shape[1], shape[0]]
  return shape.length === 4 ? [shape[3], shape[2], shape[0], shape[1]] : shape
}

/** Channels of the image that a dense layer sees flattened; 1 when it sees a vector. */
function channelsBefore({ node }: KerasLayer, { nodes }: Graph): number {
  const before = node.inputs[0] >= 0 ? nodes[node.inputs[0]] : null
  if (before?.op !== 'flatten') return 1
  const image = before.inputs[0] >= 0 ? nodes[before.inputs[0]].outputShape : []
  return image[2] ?? 1
}

function reorder(data: NdArray['data'], { shape }: Slot, channels: number): ArrayLike<number> {
  if (shape.length === 4) return convKernel(data, shape)
  return shape.length === 2 ? denseKernel(data, shape, channels) : data
}

/** [out, in, kh, kw] to [kh, kw, in, out]. */
function convKernel(data: ArrayLike<number>, [kh, kw, inputs, outputs]: readonly number[]): Float64Array {
  const out = new Float64Array(kh * kw * inputs * outputs)
  let from = 0
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++)
      for (let place = 0; place < kh * kw; place++) out[(place * inputs + i) * outputs + o] = data[from++]
  return out
}

/** [out, in] to [in, out]; inputs that come channel by channel are reordered to H,W,C. */
function denseKernel(data: ArrayLike<number>, [inputs, outputs]: readonly number[], channels: number): Float64Array {
  const out = new Float64Array(inputs * outputs)
  const pixels = inputs / channels
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++) {
      const row = (i % pixels) * channels + Math.floor(i / pixels)
      out[row * outputs + o] = data[o * inputs + i]
    }
  return out
}
