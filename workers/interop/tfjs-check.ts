/** Whether a model's topology computes what a network does, up to how the layers are wired. */
import { DataError } from '../data/data-error.ts'
import { EPSILON } from '../networks/layers/batch-norm.ts'
import { fitsWithoutPadding, type Graph, type GraphNode } from './graph.ts'
import { KERAS_CLASSES } from './keras-layers.ts'

/** A layer of a file's topology. */
export interface FileLayer {
  readonly name: string
  readonly className: string
  readonly config: Readonly<Record<string, unknown>>
}

/** They change no number of a forward pass, or only the shape. */
const IGNORED = new Set(['InputLayer', 'Flatten', 'Reshape', 'Dropout', 'SpatialDropout2D', 'Softmax', 'GaussianNoise'])
/** Not an activation of hidden layers: softmax turns logits into probabilities. */
const NO_ACTIVATION = new Set(['linear', 'softmax'])

/**
 * Compares the layers as a multiset: windows, strides, paddings, activations, the ε of batch norms. Shapes of arrays
 * are compared elsewhere.
 * @throws DataError `shape` naming the layer at fault
 */
export function checkTopology(layers: readonly FileLayer[], graph: Graph, file: string): void {
  const expected = graph.nodes.flatMap((node) => describeNode(node, graph))
  const open = [...expected]
  for (const layer of layers) {
    for (const what of describeLayer(layer)) {
      const at = open.findIndex((candidate) => candidate === what || candidate === withoutPadding(what))
      if (at < 0) throw mismatch(`layer ${layer.name} is ${what}, which the network has ${expected.includes(what) ? 'fewer times' : 'not'}`, expected, file)
      open.splice(at, 1)
    }
  }
  if (open.length > 0) throw mismatch(`the network's ${open[0]} is missing`, expected, file)
}

function mismatch(problem: string, expected: readonly string[], file: string): DataError {
  return new DataError('shape', `${file}: ${problem}; expected ${expected.join(', ')}; choose the network this model was made for`)
}

/** What a node is, without a padding where none is needed. */
function describeNode(node: GraphNode, graph: Graph): string[] {
  const [className] = KERAS_CLASSES[node.op]
  switch (node.op) {
    case 'conv':
    case 'maxPool':
    case 'averagePool': {
      const image = node.inputs[0] < 0 ? graph.inputShape : graph.nodes[node.inputs[0]].outputShape
      const text = describeWindow(className, [node.size, node.size], [node.stride, node.stride], node.padding)
      return [fitsWithoutPadding(image, node) ? withoutPadding(text) : text]
    }
    case 'activation':
      return [`activation ${node.function}`]
    case 'batchNorm':
      return [`${className} with epsilon ${EPSILON}`]
    case 'dense':
    case 'globalAveragePool':
    case 'add':
      return [className]
    case 'flatten':
    case 'reshape':
      return []
  }
}

/** What a file's layer is: its own operation and its activation. */
function describeLayer({ className, config }: FileLayer): string[] {
  if (IGNORED.has(className)) return []
  const activation = config['activation']
  const named = typeof activation === 'string' && !NO_ACTIVATION.has(activation) ? [`activation ${activation}`] : []
  switch (className) {
    case 'Activation':
      return named
    case 'ReLU':
      return ['activation relu']
    case 'Conv2D':
      return [describeWindow(className, pair(config['kernel_size']), pair(config['strides'] ?? 1), config['padding']) + dilation(config), ...named]
    case 'MaxPooling2D':
    case 'AveragePooling2D': {
      const size = pair(config['pool_size'] ?? 2)
      return [describeWindow(className, size, pair(config['strides'] ?? size), config['padding'])]
    }
    case 'BatchNormalization':
      return [`${className} with epsilon ${String(config['epsilon'] ?? EPSILON)}`]
    default:
      return [className, ...named]
  }
}

function dilation(config: FileLayer['config']): string {
  const rates = pair(config['dilation_rate'] ?? 1)
  return rates.every((rate) => rate === 1) ? '' : ` dilated by ${rates.join('×')}`
}

function describeWindow(className: string, size: readonly unknown[], strides: readonly unknown[], padding: unknown): string {
  return `${className} ${size.join('×')} stride ${strides[0] === strides[1] ? String(strides[0]) : strides.join('×')} ${String(padding ?? 'valid')}`
}

function withoutPadding(text: string): string {
  return text.replace(/ (same|valid)$/, '')
}

function pair(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value, value]
}
