import type { NetworkSettings } from '../../src/contracts/experiment.ts'
import { LabError } from '../../src/contracts/errors.ts'
import { formatLayer, type LayerSettings } from '../../src/contracts/layers.ts'
import { sizeOf } from '../engine/tensor.ts'
import type { WindowOptions } from '../engine/windows.ts'
import type { Layer } from './layer.ts'
import { activation } from './layers/activation.ts'
import { batchNorm } from './layers/batch-norm.ts'
import { convolution } from './layers/convolution.ts'
import { dense } from './layers/dense.ts'
import { flatten } from './layers/flatten.ts'
import { averagePooling, globalAveragePooling, maxPooling } from './layers/pooling.ts'
import { relu } from './layers/relu.ts'

export type InputShape = readonly [height: number, width: number, channels: number]

/** A value of the network: what a layer makes of an earlier node's value, or a sum of two. −1 is the input. */
export type NetworkNode =
  | { readonly kind: 'layer'; readonly layer: Layer; readonly input: number; readonly outputShape: readonly number[] }
  | { readonly kind: 'sum'; readonly inputs: readonly [number, number]; readonly outputShape: readonly number[] }

/** One line of a network as its user arranged it. */
export interface ArrangedLayer {
  /** Index in the settings; null for what follows by itself. */
  readonly index: number | null
  readonly what: string
  readonly outputShape: readonly number[]
  readonly parameters: number
}

/** Nodes made of settings, as far as the layers fit. */
export interface Arrangement {
  readonly inputShape: InputShape
  readonly nodes: readonly NetworkNode[]
  readonly lines: readonly ArrangedLayer[]
  readonly description: string
  /** Why a layer does not fit, with its index in the settings. */
  readonly problem: { readonly error: LabError; readonly index: number } | null
}

/** Turns settings into nodes: activation (and batch norm) behind every hidden layer, flattening where it is needed. */
export function arrange(settings: NetworkSettings, inputShape: InputShape, classes: number): Arrangement {
  const arranger = new Arranger(settings, inputShape)
  const parts = [inputToken(settings, inputShape), ...settings.layers.map(formatLayer), String(classes)]
  const done = { inputShape, description: parts.join('-') }
  for (const [index, layer] of settings.layers.entries()) {
    const reason = arranger.refusal(layer)
    if (reason !== null) {
      const error = new LabError('bad-settings', `Layer ${index + 1} (${describeLayer(layer)}) does not fit: ${reason.why}.`, reason.remedy)
      return { ...done, nodes: arranger.nodes, lines: arranger.lines, problem: { error, index } }
    }
    arranger.add(layer, index)
  }
  arranger.addOutput(classes)
  return { ...done, nodes: arranger.nodes, lines: arranger.lines, problem: null }
}

/** "convolution 6@5×5, same", for people. */
export function describeLayer(layer: LayerSettings): string {
  const norm = 'batchNorm' in layer && layer.batchNorm ? ', batch norm' : ''
  const stride = 'stride' in layer && layer.stride > 1 ? `, stride ${layer.stride}` : ''
  switch (layer.kind) {
    case 'dense':
      return `dense ${layer.units}${norm}`
    case 'conv':
      return `convolution ${layer.filters}@${layer.size}×${layer.size}, ${layer.padding}${stride}${norm}`
    case 'maxPool':
      return `max pooling ${layer.size}×${layer.size}, ${layer.padding}${stride}`
    case 'averagePool':
      return `average pooling ${layer.size}×${layer.size}, ${layer.padding}${stride}`
    case 'globalAveragePool':
      return 'global average pooling'
    case 'residual':
      return `residual block ${layer.filters}${stride}${norm}`
  }
}

function inputToken({ layers }: NetworkSettings, shape: InputShape): string {
  return layers.every(({ kind }) => kind === 'dense') ? String(sizeOf(shape)) : shape.join('x')
}

class Arranger {
  readonly nodes: NetworkNode[] = []
  readonly lines: ArrangedLayer[] = []
  private shape: readonly number[]
  private flat = false

  constructor(
    private readonly settings: NetworkSettings,
    input: InputShape,
  ) {
    this.shape = input
    this.lines.push({ index: null, what: 'input', outputShape: input, parameters: 0 })
  }

  /** Why a layer cannot come next, or null. */
  refusal(layer: LayerSettings): { readonly why: string; readonly remedy: string } | null {
    if (layer.kind === 'dense') return null
    if (this.flat) return { why: 'behind a dense layer there is no image any more', remedy: 'Put it before the first dense layer.' }
    const [height, width] = this.shape
    if (!('padding' in layer) || layer.padding === 'same' || (layer.size <= height && layer.size <= width)) return null
    return { why: `its ${layer.size}×${layer.size} window is larger than the ${height}×${width} image`, remedy: 'Use same padding, a smaller window, or less pooling before it.' }
  }

  add(layer: LayerSettings, index: number): void {
    const before = this.nodes.length
    switch (layer.kind) {
      case 'dense':
        this.flatten()
        this.weighted(dense(sizeOf(this.shape), layer.units, !layer.batchNorm), layer.batchNorm)
        break
      case 'conv':
        this.weighted(convolution(this.image(), layer.filters, square(layer), !layer.batchNorm), layer.batchNorm)
        break
      case 'maxPool':
        this.push(maxPooling(this.image(), square(layer)))
        break
      case 'averagePool':
        this.push(averagePooling(this.image(), square(layer)))
        break
      case 'globalAveragePool':
        this.push(globalAveragePooling(this.image()))
        break
      case 'residual':
        this.residual(layer.filters, layer.stride, layer.batchNorm)
    }
    this.line(index, describeLayer(layer), before)
  }

  addOutput(classes: number): void {
    const before = this.nodes.length
    this.flatten()
    this.push(dense(sizeOf(this.shape), classes))
    this.line(null, `output, ${classes} classes`, before)
  }

  private residual(filters: number, stride: number, withNorm: boolean): void {
    const [input, image] = [this.nodes.length - 1, this.image()]
    const first = { kernelHeight: 3, kernelWidth: 3, stride, padding: 'same' } as const
    this.weighted(convolution(image, filters, first, !withNorm), withNorm)
    this.plain(convolution(this.image(), filters, { ...first, stride: 1 }, !withNorm), withNorm)
    const [body, shape] = [this.nodes.length - 1, this.shape]
    let shortcut = input
    if (stride !== 1 || image[2] !== filters) {
      const projection = convolution(image, filters, { kernelHeight: 1, kernelWidth: 1, stride, padding: 'same' }, !withNorm)
      this.push(projection, input)
      if (withNorm) this.push(batchNorm(this.shape))
      shortcut = this.nodes.length - 1
    }
    this.nodes.push({ kind: 'sum', inputs: [body, shortcut], outputShape: shape })
    this.shape = shape
    this.activate()
  }

  private weighted(layer: Layer, withNorm: boolean): void {
    this.plain(layer, withNorm)
    this.activate()
  }

  private plain(layer: Layer, withNorm: boolean): void {
    this.push(layer)
    if (withNorm) this.push(batchNorm(this.shape))
  }

  private activate(): void {
    const { activation: name } = this.settings
    this.push(name === 'relu' ? relu(this.shape) : activation(name, this.shape))
  }

  /** The network's input comes flat; anything else that has the shape of an image is flattened once. */
  private flatten(): void {
    if (!this.flat && this.nodes.length > 0) this.push(flatten(this.shape))
    this.flat = true
  }

  private push(layer: Layer, input = this.nodes.length - 1): void {
    this.nodes.push({ kind: 'layer', layer, input, outputShape: layer.outputShape })
    this.shape = layer.outputShape
  }

  private image(): InputShape {
    const [height, width, channels] = this.shape
    return [height, width, channels]
  }

  private line(index: number | null, what: string, firstNode: number): void {
    const layers = this.nodes.slice(firstNode).flatMap((node) => (node.kind === 'layer' ? [node.layer] : []))
    const parameters = layers.flatMap((layer) => layer.parameters).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
    this.lines.push({ index, what, outputShape: this.shape, parameters })
  }
}

function square({ size, stride, padding }: { readonly size: number; readonly stride: number; readonly padding: WindowOptions['padding'] }): WindowOptions {
  return { kernelHeight: size, kernelWidth: size, stride, padding }
}
