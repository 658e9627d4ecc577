/** The topology of a network as Keras and TensorFlow.js write it down: a functional model. */
import { EPSILON, MOMENTUM } from '../networks/layers/batch-norm.ts'
import type { Graph, Operation } from './graph.ts'
import { kerasLayers, kerasOrder, type KerasLayer } from './keras-layers.ts'
import type { Slot } from './slots.ts'

const INPUT = 'input_1'
/** The version whose format this is; later ones read it too. */
const KERAS_VERSION = '2.13.1'

/** One layer of `model_config`. */
export interface TopologyLayer {
  readonly class_name: string
  readonly name: string
  readonly config: Readonly<Record<string, unknown>>
  readonly inbound_nodes: readonly unknown[]
}

/** The `modelTopology` of a `model.json`. */
export function topologyOf(graph: Graph, slots: readonly Slot[], name: string): object {
  const layers = kerasLayers(graph, slots)
  const input: TopologyLayer = {
    class_name: 'InputLayer',
    name: INPUT,
    config: { batch_input_shape: [null, ...graph.inputShape], dtype: 'float32', sparse: false, name: INPUT },
    inbound_nodes: [],
  }
  const config = {
    name,
    trainable: true,
    layers: [input, ...kerasOrder(graph).map((at) => topologyLayer(layers[at], layers))],
    input_layers: [[INPUT, 0, 0]],
    output_layers: [[layers[layers.length - 1].name, 0, 0]],
  }
  return { keras_version: KERAS_VERSION, backend: 'tensorflow', model_config: { class_name: 'Functional', config } }
}

function topologyLayer({ name, className, node }: KerasLayer, layers: readonly KerasLayer[]): TopologyLayer {
  const sources = node.inputs.map((input) => [input < 0 ? INPUT : layers[input].name, 0, 0, {}])
  return { class_name: className, name, config: { name, trainable: true, dtype: 'float32', ...configOf(node) }, inbound_nodes: [sources] }
}

function configOf(node: Operation): Record<string, unknown> {
  switch (node.op) {
    case 'dense':
      return { units: node.units, activation: 'linear', use_bias: node.bias }
    case 'conv':
      return { filters: node.filters, kernel_size: [node.size, node.size], ...windowConfig(node), dilation_rate: [1, 1], activation: 'linear', use_bias: node.bias }
    case 'batchNorm':
      return { axis: -1, momentum: MOMENTUM, epsilon: EPSILON, center: true, scale: true }
    case 'activation':
      return { activation: node.function }
    case 'maxPool':
    case 'averagePool':
      return { pool_size: [node.size, node.size], ...windowConfig(node) }
    case 'globalAveragePool':
    case 'flatten':
      return { data_format: 'channels_last' }
    case 'reshape':
      return { target_shape: node.shape }
    case 'add':
      return {}
  }
}

function windowConfig({ stride, padding }: { readonly stride: number; readonly padding: string }): Record<string, unknown> {
  return { strides: [stride, stride], padding, data_format: 'channels_last' }
}
