import * as tf from '@tensorflow/tfjs'
import type { GraphNode } from '../../workers/interop/graph.ts'
import { EPSILON, MOMENTUM } from '../../workers/networks/layers/batch-norm.ts'
import { slotsOf } from '../../workers/interop/slots.ts'
import type { Contender } from './contender.ts'
import { timed } from './measure.ts'
import type { Samples } from './samples.ts'
import type { Subject } from './subjects.ts'

type Image = tf.Tensor4D

/** Arrays of a network on the present tfjs backend, by `2.kernel`. */
type Variables = ReadonlyMap<string, tf.Variable>

interface Batch {
  readonly x: tf.Tensor
  readonly y: tf.Tensor2D
}

/** A subject on the present tfjs backend. */
export interface TfjsNetwork extends Contender {
  /** Gradient of the first batch's loss, parameter after parameter. */
  gradient(): Promise<readonly number[]>
}

/**
 * The same step as users of tfjs write it: `optimizer.minimize`. Batches are tensors already, so gathering is not
 * charged to tfjs.
 */
export function openTfjsNetwork(subject: Subject, samples: Samples): TfjsNetwork {
  const { training, graph } = subject
  const variables = variablesOf(subject)
  const trainable = [...variables.values()].filter(({ trainable }) => trainable)
  const batches = batchesOf(samples, training.batchSize, graph.inputShape)
  const optimizer = training.momentum > 0 ? tf.train.momentum(training.learningRate, training.momentum) : tf.train.sgd(training.learningRate)
  const loss = ({ x, y }: Batch) => (): tf.Scalar => tf.losses.softmaxCrossEntropy(y, logits(subject, variables, x)) as tf.Scalar
  const finished = async (): Promise<void> => {
    await trainable[trainable.length - 1].data()
  }
  return {
    losses: async (steps) => {
      const losses: number[] = []
      for (let i = 0; i < steps; i++) {
        const cost = tf.tidy<tf.Scalar>(() => optimizer.minimize(loss(batches[0]), true, trainable) as tf.Scalar)
        losses.push((await cost.data())[0])
        cost.dispose()
      }
      return losses
    },
    measure: async () => {
      const time = await timed(async () => {
        for (const batch of batches) tf.tidy(() => { optimizer.minimize(loss(batch), false, trainable) })
        await finished()
      })
      return time / batches.length
    },
    gradient: async () => {
      const { grads } = tf.tidy(() => tf.variableGrads(loss(batches[0]), trainable))
      const parts = await Promise.all(trainable.map(({ name }) => grads[name].data()))
      tf.dispose(grads)
      return parts.flatMap((part) => [...part])
    },
    dispose: () => {
      optimizer.dispose()
      tf.dispose([...variables.values()])
      for (const { x, y } of batches) tf.dispose([x, y])
    },
  }
}

function variablesOf({ network, weights }: Subject): Variables {
  return new Map(slotsOf(network).map(({ role, layer, shape, offset, size }) => {
    const value = tf.tensor(weights.slice(offset, offset + size), [...shape])
    return [`${layer}.${role}`, tf.variable(value, role !== 'mean' && role !== 'variance')]
  }))
}

function batchesOf({ images, labels }: Samples, batch: number, inputShape: readonly number[]): readonly Batch[] {
  const features = images.length / labels.length
  return Array.from({ length: labels.length / batch }, (_, i) => ({
    x: tf.tensor(images.slice(i * batch * features, (i + 1) * batch * features), [batch, ...inputShape]),
    y: tf.cast(tf.oneHot(tf.tensor1d(Int32Array.from(labels.subarray(i * batch, (i + 1) * batch)), 'int32'), 10), 'float32') as tf.Tensor2D,
  }))
}

function logits({ graph }: Subject, variables: Variables, x: tf.Tensor): tf.Tensor2D {
  const values: tf.Tensor[] = []
  for (const node of graph.nodes) {
    const [first, second] = node.inputs.map((input) => (input < 0 ? x : values[input]))
    values.push(apply(node, variables, first, second))
  }
  return values[values.length - 1] as tf.Tensor2D
}

function apply(node: GraphNode, variables: Variables, x: tf.Tensor, other: tf.Tensor): tf.Tensor {
  const of = (role: string): tf.Variable => variableOf(variables, node, role)
  switch (node.op) {
    case 'dense':
      return tf.add(tf.matMul(x as tf.Tensor2D, of('kernel') as tf.Tensor as tf.Tensor2D), of('bias'))
    case 'conv': {
      const product = tf.conv2d(x as Image, of('kernel') as tf.Tensor as Image, node.stride, node.padding)
      return node.bias ? tf.add(product, of('bias')) : product
    }
    case 'batchNorm':
      return batchNorm(x, of)
    case 'activation':
      return tf.relu(x)
    case 'maxPool':
      return tf.maxPool(x as Image, node.size, node.stride, node.padding)
    case 'averagePool':
      return tf.avgPool(x as Image, node.size, node.stride, node.padding)
    case 'globalAveragePool':
      return tf.mean(x, [1, 2])
    case 'flatten':
    case 'reshape':
      return tf.reshape(x, [x.shape[0], ...node.outputShape])
    case 'add':
      return tf.add(x, other)
  }
}

function variableOf(variables: Variables, node: GraphNode, role: string): tf.Variable {
  const found = 'layer' in node ? variables.get(`${node.layer}.${role}`) : undefined
  if (found === undefined) throw new RangeError(`bench: ${node.op} has no ${role}`)
  return found
}

/** Normalises by the batch and moves the running statistics, as a layer of tfjs does in training. */
function batchNorm(x: tf.Tensor, of: (role: string) => tf.Variable): tf.Tensor {
  const axes = x.shape.slice(0, -1).map((_, axis) => axis)
  const { mean, variance } = tf.moments(x, axes)
  follow(of('mean'), mean)
  follow(of('variance'), variance)
  return tf.batchNorm(x as Image, mean as tf.Tensor1D, variance as tf.Tensor1D, of('beta') as tf.Tensor as tf.Tensor1D, of('gamma') as tf.Tensor as tf.Tensor1D, EPSILON)
}

function follow(running: tf.Variable, batch: tf.Tensor): void {
  running.assign(tf.sub(running, tf.mul(tf.sub(running, batch), 1 - MOMENTUM)))
}
