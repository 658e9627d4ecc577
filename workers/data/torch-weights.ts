/**
 * Tensors of a PyTorch `nn.Sequential` state dict, `N.weight` and `N.bias` with one
 * common prefix, in the order of N. PyTorch keeps dense weights as [out, in] and conv
 * weights as [out, in, kh, kw], and flattens images channel by channel.
 */
import type { NdArray } from './nd-array.ts'
import { misfit, sameShape, type WeightEntry, type WeightLayout } from './weight-layout.ts'

const NAME = /^(.*?)(\d+)\.(weight|bias)$/
const ROLE: Readonly<Record<string, 'weight' | 'bias'>> = { kernel: 'weight', gamma: 'weight', bias: 'bias', beta: 'bias' }

interface Layer {
  readonly name: string
  readonly weight?: WeightEntry
  readonly bias?: WeightEntry
}

/** Whether the names are those of a sequential state dict. */
export function isTorchNaming(tensors: ReadonlyMap<string, NdArray>): boolean {
  const prefixes = new Set(Array.from(tensors.keys(), (name) => NAME.exec(name)?.[1]))
  return prefixes.size === 1 && !prefixes.has(undefined)
}

function layersOf(layout: WeightLayout): Layer[] {
  const layers = new Map<string, Layer>()
  for (const entry of layout) {
    const slash = entry.name.lastIndexOf('/')
    const name = entry.name.slice(0, slash)
    const role = ROLE[entry.name.slice(slash + 1)]
    layers.set(name, { name, ...layers.get(name), ...(role && { [role]: entry }) })
  }
  return [...layers.values()]
}

function groupsOf(tensors: ReadonlyMap<string, NdArray>): Map<number, Map<string, NdArray>> {
  const groups = new Map<number, Map<string, NdArray>>()
  for (const [name, array] of tensors) {
    const [, , number, role] = NAME.exec(name) ?? []
    const group = groups.get(Number(number)) ?? new Map<string, NdArray>()
    groups.set(Number(number), group.set(role, array))
  }
  return new Map([...groups].sort(([a], [b]) => a - b))
}

/** PyTorch shape of a parameter with our shape. */
function torchShape(shape: readonly number[]): readonly number[] {
  if (shape.length === 2) return [shape[1], shape[0]]
  if (shape.length === 4) return [shape[3], shape[2], shape[0], shape[1]]
  return shape
}

/** [out, in, kh, kw] to [kh, kw, in, out]. */
function convKernel(data: ArrayLike<number>, [kh, kw, inputs, outputs]: readonly number[]): Float64Array {
  const out = new Float64Array(kh * kw * inputs * outputs)
  let from = 0
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++)
      for (let p = 0; p < kh * kw; p++) out[(p * inputs + i) * outputs + o] = data[from++]
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

/** Channels in which a dense layer's input was flattened: those of the conv layer before it. */
function flattenedChannels(previous: readonly number[] | undefined, inputs: number): number {
  const channels = previous?.length === 4 ? previous[3] : 1
  return inputs % channels === 0 ? channels : 1
}

function reorder({ data }: NdArray, shape: readonly number[], previous: readonly number[] | undefined): ArrayLike<number> {
  if (shape.length === 4) return convKernel(data, shape)
  return shape.length === 2 ? denseKernel(data, shape, flattenedChannels(previous, shape[0])) : data
}

/**
 * Each layout entry's elements in our order.
 * The first dense layer of a network without conv layers is taken as trained on inputs
 * flattened in H,W,C order, which for one channel is every order.
 * @throws DataError `shape` when layers, roles or shapes differ
 */
export function fromTorch(tensors: ReadonlyMap<string, NdArray>, layout: WeightLayout): Map<WeightEntry, ArrayLike<number>> {
  const layers = layersOf(layout)
  const groups = [...groupsOf(tensors)]
  if (groups.length !== layers.length) {
    throw misfit(`${groups.length} PyTorch layers, expected ${layers.length}`, tensors, layout)
  }
  const values = new Map<WeightEntry, ArrayLike<number>>()
  layers.forEach((layer, at) => {
    const [number, group] = groups[at]
    for (const role of ['weight', 'bias'] as const) {
      const entry = layer[role]
      const array = group.get(role)
      if (!entry && !array) continue
      const expected = entry && torchShape(entry.shape)
      if (!entry || !array || !expected || !sameShape(array.shape, expected)) {
        throw misfit(`${number}.${role} does not fit ${layer.name}`, tensors, layout)
      }
      values.set(entry, reorder(array, entry.shape, layers[at - 1]?.weight?.shape))
    }
  })
  if (values.size !== layout.length) throw misfit('some parameters have no tensor', tensors, layout)
  return values
}
