import type { NetworkSettings } from '../../src/contracts/experiment.ts'
import { LabError } from '../../src/contracts/errors.ts'
import { sizeOf } from '../engine/tensor.ts'
import type { Layer, ParameterSpec } from './layer.ts'
import { dense } from './layers/dense.ts'
import { relu } from './layers/relu.ts'

/** A trainable tensor with its place in the flat weight vector. */
export interface Parameter extends ParameterSpec {
  /** `dense_2/kernel` */
  readonly name: string
  /** Number of the layer with parameters it belongs to, from 1: `2` in `2.kernel`. */
  readonly layer: number
  /** Position in the network's list of layers. */
  readonly position: number
  readonly offset: number
  readonly size: number
}

/** An architecture: layers in order and the layout of one flat weight vector, layer by layer, kernel then bias. */
export interface Network {
  readonly inputSize: number
  readonly classes: number
  readonly layers: readonly Layer[]
  readonly parameters: readonly Parameter[]
  readonly parameterCount: number
  /** `784-50-50-10` */
  readonly description: string
}

/** Largest flat weight vector accepted: Lanczos keeps about a hundred such vectors in float64. */
const MAX_PARAMETERS = 4_000_000

/** A ReLU network of dense layers on `inputSize` features. Throws a `LabError` when it is too large. */
export function buildNetwork(settings: NetworkSettings, inputSize: number, classes: number): Network {
  const widths = [...settings.hidden, classes]
  const layers: Layer[] = []
  let previous = inputSize
  widths.forEach((width, i) => {
    layers.push(dense(previous, width))
    if (i < widths.length - 1) layers.push(relu([width]))
    previous = width
  })
  return assemble(layers, inputSize, classes, [inputSize, ...widths].join('-'))
}

/** Lays out the parameters of layers in one flat vector. */
export function assemble(layers: readonly Layer[], inputSize: number, classes: number, description: string): Network {
  const parameters: Parameter[] = []
  let offset = 0
  let number = 0
  layers.forEach((layer, position) => {
    if (layer.parameters.length > 0) number++
    for (const spec of layer.parameters) {
      const size = sizeOf(spec.shape)
      parameters.push({ ...spec, name: `${layer.kind}_${number}/${spec.role}`, layer: number, position, offset, size })
      offset += size
    }
  })
  if (offset > MAX_PARAMETERS) {
    throw new LabError('bad-settings', `The network ${description} has ${offset} parameters; the limit is ${MAX_PARAMETERS}.`, 'Use narrower or fewer layers.')
  }
  return { inputSize, classes, layers, parameters, parameterCount: offset, description }
}
