import type { NetworkSettings } from '../../contracts/experiment.ts'

export interface TensorShape {
  /** `2.kernel` */
  readonly selection: string
  readonly layer: number
  readonly part: 'kernel' | 'bias'
  readonly shape: readonly number[]
  readonly size: number
}

/** Parameter tensors of a dense network in order: kernel then bias of every layer. */
export function tensorShapes(network: NetworkSettings, inputs: number, classes: number): readonly TensorShape[] {
  const widths = [inputs, ...network.hidden, classes]
  return widths.slice(1).flatMap((out, i) => {
    const layer = i + 1
    const rows = widths[i]
    return [
      { selection: `${layer}.kernel`, layer, part: 'kernel' as const, shape: [rows, out], size: rows * out },
      { selection: `${layer}.bias`, layer, part: 'bias' as const, shape: [out], size: out },
    ]
  })
}

/** Trainable parameters: 784-50-50-10 has 42,310. */
export function parameterCount(network: NetworkSettings, inputs: number, classes: number): number {
  return tensorShapes(network, inputs, classes).reduce((sum, tensor) => sum + tensor.size, 0)
}

/** Does every tensor of the selection exist in the network? */
export function selectionExists(selection: string, network: NetworkSettings): boolean {
  const layers = network.hidden.length + 1
  return selection === 'all' || selection.split('+').every((tensor) => Number(tensor.split('.')[0]) <= layers)
}
