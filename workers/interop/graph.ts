import type { ActivationFunction, NetworkSettings } from '../../src/contracts/experiment.ts'
import type { LayerSettings } from '../../src/contracts/layers.ts'
import type { Network } from '../networks/network.ts'

interface Window {
  /** Side of the square window, in pixels. */
  readonly size: number
  readonly stride: number
  /** TensorFlow's meaning: with `same`, an odd pixel of padding stands at the end. */
  readonly padding: 'same' | 'valid'
}

/** One operation. `layer` is the number that its parameters have in selections, from 1. */
export type Operation =
  | { readonly op: 'dense'; readonly layer: number; readonly units: number; readonly bias: boolean }
  | ({ readonly op: 'conv'; readonly layer: number; readonly filters: number; readonly bias: boolean } & Window)
  | { readonly op: 'batchNorm'; readonly layer: number }
  | { readonly op: 'activation'; readonly function: ActivationFunction }
  | ({ readonly op: 'maxPool' | 'averagePool' } & Window)
  | { readonly op: 'globalAveragePool' }
  /** In the order height, width, channels. */
  | { readonly op: 'flatten' }
  | { readonly op: 'reshape'; readonly shape: readonly number[] }
  | { readonly op: 'add' }

export type GraphNode = Operation & {
  /** Earlier nodes by index; −1 is the network's input. */
  readonly inputs: readonly number[]
  /** Of one sample, without the batch axis. */
  readonly outputShape: readonly number[]
}

/** A network as operations in the order of their making; the last one gives the logits. */
export interface Graph {
  /** [features] for a network of dense layers only, else [height, width, channels]. */
  readonly inputShape: readonly number[]
  readonly nodes: readonly GraphNode[]
}

/**
 * The graph of a network.
 * @param settings the layers that `network` was built from
 * @throws RangeError when they are those of another network
 */
export function graphOf(settings: NetworkSettings, network: Pick<Network, 'inputShape' | 'inputSize' | 'classes' | 'parameters'>): Graph {
  const dense = settings.layers.every(({ kind }) => kind === 'dense')
  const inputShape = dense ? [network.inputSize] : network.inputShape
  const builder = new GraphBuilder(settings.activation, inputShape)
  for (const layer of settings.layers) builder.add(layer)
  builder.addOutput(network.classes)
  const layers = network.parameters.at(-1)?.layer
  if (builder.layers !== layers) throw new RangeError(`network: ${layers} layers with weights, but the settings make ${builder.layers}; pass the settings it was built from`)
  return { inputShape, nodes: builder.nodes }
}

class GraphBuilder {
  readonly nodes: GraphNode[] = []
  layers = 0

  constructor(
    private readonly activation: ActivationFunction,
    private shape: readonly number[],
  ) {}

  add(layer: LayerSettings): void {
    switch (layer.kind) {
      case 'dense':
        this.flatten()
        this.dense(layer.units, !layer.batchNorm)
        this.normAndActivation(layer.batchNorm)
        break
      case 'conv':
        this.conv(layer.filters, layer, !layer.batchNorm)
        this.normAndActivation(layer.batchNorm)
        break
      case 'maxPool':
      case 'averagePool':
        this.image()
        this.push({ op: layer.kind, ...windowOf(layer) }, [...places(this.shape, layer), this.shape[2]])
        break
      case 'globalAveragePool':
        this.image()
        this.push({ op: 'globalAveragePool' }, [this.shape[2]])
        break
      case 'residual':
        this.residual(layer)
    }
  }

  addOutput(classes: number): void {
    this.flatten()
    this.dense(classes, true)
  }

  private residual({ filters, stride, batchNorm }: Extract<LayerSettings, { kind: 'residual' }>): void {
    this.image()
    const [input, [, , channels]] = [this.nodes.length - 1, this.shape]
    const imageShape = this.shape
    this.conv(filters, { size: 3, stride, padding: 'same' }, !batchNorm)
    this.normAndActivation(batchNorm)
    this.conv(filters, { size: 3, stride: 1, padding: 'same' }, !batchNorm)
    if (batchNorm) this.norm()
    const body = this.nodes.length - 1
    let shortcut = input
    if (stride !== 1 || channels !== filters) {
      this.shape = imageShape
      this.conv(filters, { size: 1, stride, padding: 'same' }, !batchNorm, input)
      if (batchNorm) this.norm()
      shortcut = this.nodes.length - 1
    }
    this.nodes.push({ op: 'add', inputs: [body, shortcut], outputShape: this.shape })
    this.activate()
  }

  private dense(units: number, bias: boolean): void {
    this.layers++
    this.push({ op: 'dense', layer: this.layers, units, bias }, [units])
  }

  private conv(filters: number, window: Window, bias: boolean, input?: number): void {
    this.image()
    this.layers++
    this.push({ op: 'conv', layer: this.layers, filters, bias, ...windowOf(window) }, [...places(this.shape, window), filters], input)
  }

  private normAndActivation(batchNorm: boolean): void {
    if (batchNorm) this.norm()
    this.activate()
  }

  private norm(): void {
    this.push({ op: 'batchNorm', layer: this.layers }, this.shape)
  }

  private activate(): void {
    this.push({ op: 'activation', function: this.activation }, this.shape)
  }

  private flatten(): void {
    if (this.shape.length > 1) this.push({ op: 'flatten' }, [this.shape.reduce((product, size) => product * size, 1)])
  }

  /** The mean over an image is a vector; what follows as on an image sees one pixel. */
  private image(): void {
    if (this.shape.length === 1) this.push({ op: 'reshape', shape: [1, 1, this.shape[0]] }, [1, 1, this.shape[0]])
  }

  private push(operation: Operation, outputShape: readonly number[], input = this.nodes.length - 1): void {
    this.nodes.push({ ...operation, inputs: [input], outputShape })
    this.shape = outputShape
  }
}

function windowOf({ size, stride, padding }: Window): Window {
  return { size, stride, padding }
}

/** Height and width of what windows make of an image. */
function places([height, width]: readonly number[], window: Window): [number, number] {
  const along = (length: number): number => (window.padding === 'same' ? Math.ceil(length / window.stride) : Math.floor((length - window.size) / window.stride) + 1)
  return [along(height), along(width)]
}

/** Whether `same` and `valid` are the same windows on an image of this shape: no padding is needed. */
export function fitsWithoutPadding([height, width]: readonly number[], { size, stride }: Window): boolean {
  return [height, width].every((length) => (Math.ceil(length / stride) - 1) * stride + size <= length)
}
