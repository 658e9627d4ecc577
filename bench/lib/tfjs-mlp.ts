import * as tf from '@tensorflow/tfjs'
import { BATCH, network, weights, type Samples } from './mlp50.ts'

/** Steps before anything is timed: compiles kernels and fills buffer pools. */
const WARM_UP = 3

/** The same SGD step as tfjs users write it: `optimizer.minimize` on a resident batch. */
export interface TfjsMlp {
  /** Takes steps and waits for the last of them. */
  run(steps: number): Promise<void>
}

/** MLP 50 on the present tfjs backend. The batches are tensors already: gathering is not charged to tfjs. */
export async function openTfjsMlp(samples: Samples): Promise<TfjsMlp> {
  const variables = network.parameters.map(({ offset, size, shape }) => tf.variable(tf.tensor(weights.slice(offset, offset + size), [...shape])))
  const [w1, b1, w2, b2, w3, b3] = variables
  const x = tf.tensor2d(samples.images.slice(0, BATCH * 784), [BATCH, 784])
  const y = tf.cast(tf.oneHot(tf.tensor1d(Int32Array.from(samples.labels.slice(0, BATCH)), 'int32'), 10), 'float32')
  const optimizer = tf.train.sgd(0.01)
  const layer = (input: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor): tf.Tensor2D => tf.add(tf.matMul(input as tf.Tensor2D, kernel as tf.Tensor2D), bias) as tf.Tensor2D
  const loss = (): tf.Scalar => {
    const logits = layer(tf.relu(layer(tf.relu(layer(x, w1, b1)), w2, b2)), w3, b3)
    return tf.losses.softmaxCrossEntropy(y, logits) as tf.Scalar
  }
  const run = async (steps: number): Promise<void> => {
    for (let i = 0; i < steps; i++) tf.tidy(() => { optimizer.minimize(loss) })
    await b3.data()
  }
  await run(WARM_UP)
  return { run }
}
