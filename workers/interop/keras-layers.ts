import type { Graph, GraphNode } from './graph.ts'
import type { Role, Slot } from './slots.ts'

type Op = GraphNode['op']

/** Keras's class of every operation, and the name that its first layer gets by itself. */
export const KERAS_CLASSES: Readonly<Record<Op, readonly [className: string, baseName: string]>> = {
  dense: ['Dense', 'dense'],
  conv: ['Conv2D', 'conv2d'],
  batchNorm: ['BatchNormalization', 'batch_normalization'],
  activation: ['Activation', 'activation'],
  maxPool: ['MaxPooling2D', 'max_pooling2d'],
  averagePool: ['AveragePooling2D', 'average_pooling2d'],
  globalAveragePool: ['GlobalAveragePooling2D', 'global_average_pooling2d'],
  flatten: ['Flatten', 'flatten'],
  reshape: ['Reshape', 'reshape'],
  add: ['Add', 'add'],
}

/** Keras's names of a layer's arrays. */
export const KERAS_ROLES: Readonly<Record<Role, string>> = {
  kernel: 'kernel',
  bias: 'bias',
  gamma: 'gamma',
  beta: 'beta',
  mean: 'moving_mean',
  variance: 'moving_variance',
}

/** A node of the graph as a Keras layer. */
export interface KerasLayer {
  /** `conv2d_1`: numbered within its class in the order of making. */
  readonly name: string
  readonly className: string
  readonly node: GraphNode
  /** Its arrays in the order of `layer.get_weights()`. */
  readonly slots: readonly Slot[]
}

/** The layers in the order of their making, so that `inputs` of the nodes are their indices. */
export function kerasLayers(graph: Graph, slots: readonly Slot[]): KerasLayer[] {
  const made = new Map<Op, number>()
  return graph.nodes.map((node) => {
    const count = made.get(node.op) ?? 0
    made.set(node.op, count + 1)
    const [className, baseName] = KERAS_CLASSES[node.op]
    return { name: count === 0 ? baseName : `${baseName}_${count}`, className, node, slots: slotsOfNode(node, slots) }
  })
}

function slotsOfNode(node: GraphNode, slots: readonly Slot[]): readonly Slot[] {
  if (!('layer' in node)) return []
  const isNorm = node.op === 'batchNorm'
  return slots.filter(({ layer, role }) => layer === node.layer && isNorm !== (role === 'kernel' || role === 'bias'))
}

/**
 * Positions of the nodes in the order of Keras's `model.layers`: by falling distance from the output, and layers of
 * one distance as a walk back from the output meets them. Without residual blocks it is the order of making.
 */
export function kerasOrder({ nodes }: Graph): number[] {
  const depth = nodes.map(() => 0)
  for (let i = nodes.length - 1; i >= 0; i--) {
    for (const input of nodes[i].inputs) if (input >= 0) depth[input] = Math.max(depth[input], depth[i] + 1)
  }
  const met = new Map<number, number>()
  const walk = (at: number): void => {
    if (at < 0 || met.has(at)) return
    met.set(at, met.size)
    nodes[at].inputs.forEach(walk)
  }
  walk(nodes.length - 1)
  const rank = (at: number): number => met.get(at) ?? met.size
  return nodes.map((_, i) => i).sort((a, b) => depth[b] - depth[a] || rank(a) - rank(b))
}

/** Layers with arrays in the order of `model.get_weights()`. */
export function layersInKerasOrder(graph: Graph, slots: readonly Slot[]): KerasLayer[] {
  const layers = kerasLayers(graph, slots)
  return kerasOrder(graph).map((at) => layers[at]).filter((layer) => layer.slots.length > 0)
}

/** `conv2d/kernel`. */
export function kerasName(layer: KerasLayer, slot: Slot): string {
  return `${layer.name}/${KERAS_ROLES[slot.role]}`
}
