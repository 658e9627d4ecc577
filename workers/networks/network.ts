import type { NetworkSettings } from '../../src/contracts/experiment.ts'
import { LabError } from '../../src/contracts/errors.ts'
import { sizeOf } from '../engine/tensor.ts'
import { arrange, type Arrangement, type InputShape, type NetworkNode } from './arrange.ts'
import type { ParameterSpec } from './layer.ts'

/** A trainable tensor with its place in the flat weight vector. */
export interface Parameter extends ParameterSpec {
  /** `dense_2/kernel` */
  readonly name: string
  /** Kind of the layer whose number it carries. */
  readonly kind: string
  /** Number of the dense or convolutional layer it belongs to, from 1: `2` in `2.kernel`. Batch norm has that of the layer it follows. */
  readonly layer: number
  /** Position in the network's list of nodes. */
  readonly position: number
  readonly offset: number
  readonly size: number
}

/** Running statistics of one batch norm, with their place in the flat vector of statistics. */
export interface Statistic {
  /** `conv_1/mean` */
  readonly name: string
  readonly layer: number
  readonly position: number
  readonly offset: number
  readonly size: number
  readonly initial: number
}

/** An architecture: nodes in order and the layout of one flat weight vector, layer by layer, kernel first. */
export interface Network {
  readonly inputSize: number
  readonly inputShape: InputShape
  readonly classes: number
  readonly nodes: readonly NetworkNode[]
  readonly parameters: readonly Parameter[]
  readonly parameterCount: number
  readonly statistics: readonly Statistic[]
  readonly statisticCount: number
  /** Length of the flat state: the weights with the running statistics behind them. */
  readonly stateLength: number
  /** Numbers that one sample's forward pass makes. */
  readonly activationsPerSample: number
  /** Multiplications of one sample's forward pass. */
  readonly multiplications: number
  /** `784-50-50-10` */
  readonly description: string
}

/** Largest flat weight vector accepted: Lanczos keeps about a hundred such vectors in float64. */
export const MAX_PARAMETERS = 4_000_000

/**
 * A network on images (or on plain vectors of so many features). Throws a `LabError` that names the layer that does
 * not fit, or the size and the limit when the network is too large.
 */
export function buildNetwork(settings: NetworkSettings, input: InputShape | number, classes: number): Network {
  const arrangement = arrange(settings, typeof input === 'number' ? [1, 1, input] : input, classes)
  if (arrangement.problem !== null) throw arrangement.problem.error
  return layOut(arrangement, classes)
}

/** Lays out the parameters and statistics of nodes in flat vectors. */
export function layOut(arrangement: Arrangement, classes: number): Network {
  const { nodes, description, inputShape } = arrangement
  const parameters: Parameter[] = []
  const statistics: Statistic[] = []
  let [offset, statisticOffset, number, kind] = [0, 0, 0, '']
  nodes.forEach((node, position) => {
    if (node.kind === 'sum') return
    const { layer } = node
    if (layer.parameters.some(({ role }) => role === 'kernel')) [number, kind] = [number + 1, layer.kind]
    for (const spec of layer.parameters) {
      const size = sizeOf(spec.shape)
      parameters.push({ ...spec, name: `${kind}_${number}/${spec.role}`, kind, layer: number, position, offset, size })
      offset += size
    }
    for (const { role, size, initial } of layer.statistics) {
      statistics.push({ name: `${kind}_${number}/${role}`, layer: number, position, offset: statisticOffset, size, initial })
      statisticOffset += size
    }
  })
  if (offset > MAX_PARAMETERS) {
    throw new LabError('bad-settings', `The network ${description} has ${offset} parameters; the limit is ${MAX_PARAMETERS}.`, 'Use narrower or fewer layers.')
  }
  return {
    inputSize: sizeOf(inputShape),
    inputShape,
    classes,
    nodes,
    parameters,
    parameterCount: offset,
    statistics,
    statisticCount: statisticOffset,
    stateLength: offset + statisticOffset,
    activationsPerSample: nodes.reduce((sum, { outputShape }) => sum + sizeOf(outputShape), 0),
    multiplications: nodes.reduce((sum, node) => sum + multiplicationsOf(node), 0),
    description,
  }
}

/** Whether weight decay of a scope acts on a parameter. */
export function isDecayed(parameter: Parameter, scope: 'kernels' | 'dense'): boolean {
  return parameter.role === 'kernel' && (scope === 'kernels' || parameter.kind === 'dense')
}

/** A flat state from weights, the running statistics as they are before training. */
export function withInitialStatistics(network: Network, weights: Float32Array): Float32Array {
  const state = new Float32Array(network.stateLength)
  state.set(weights.subarray(0, network.parameterCount))
  for (const { offset, size, initial } of network.statistics) {
    const start = network.parameterCount + offset
    state.fill(initial, start, start + size)
  }
  return state
}

/** Whether a network normalises by batches, so that an analysis must say which statistics it used. */
export function hasBatchNorm(network: Network): boolean {
  return network.statisticCount > 0
}

/** Multiplications of one sample's forward pass from the node of a position on. */
export function multiplicationsFrom({ nodes }: Network, position: number): number {
  return nodes.slice(position).reduce((sum, node) => sum + multiplicationsOf(node), 0)
}

/** Every kernel entry is used once at every place of the output. */
function multiplicationsOf(node: NetworkNode): number {
  if (node.kind === 'sum') return 0
  const kernel = node.layer.parameters.find(({ role }) => role === 'kernel')
  return kernel === undefined ? 0 : sizeOf(kernel.shape) * sizeOf(node.outputShape.slice(0, -1))
}
