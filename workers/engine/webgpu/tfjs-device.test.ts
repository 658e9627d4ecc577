import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openNodeGpu } from '../../cli/node-gpu.ts'
import { FLOAT32_TOLERANCE, relativeDistance } from '../conformance.ts'
import { frameAt } from '../engine.ts'
import { Recorder } from '../recorder.ts'
import { openDevice } from './device.ts'
import { openTfjs, type TfjsDevice } from './tfjs-device.ts'
import { createWebGpuEngine, type WebGpuEngine } from './webgpu-engine.ts'

const gpu = await openNodeGpu()
if (gpu === null) console.info('No WebGPU adapter: tfjs tests are skipped')

describe.skipIf(gpu === null)('tfjs on the engine\'s device', () => {
  let engine: WebGpuEngine
  let tfjs: TfjsDevice

  beforeAll(async () => {
    vi.stubGlobal('navigator', { gpu })
    // Gradients of operations are registered by the whole package only.
    await import('@tensorflow/tfjs')
    engine = await createWebGpuEngine(await openDevice(gpu ?? undefined))
    tfjs = await openTfjs(engine)
  })
  afterAll(() => {
    tfjs.dispose()
    engine.dispose()
    vi.unstubAllGlobals()
  })

  test('a view shows the buffer without a copy, before and after a kernel rewrites it', async () => {
    const handle = engine.allocate('float', 6, 'shared')
    engine.write(handle, Float32Array.of(1, 2, 3, 4, 5, 6))
    const view = tfjs.view(handle, [2, 3])
    expect(await view.data()).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6))
    const ops = new Recorder('double', 1)
    const place = ops.fixed(handle, 0, [2, 3])
    ops.store(ops.scale(place, 1), place, 'accumulate')
    await (await engine.compile(ops.finish())).run(frameAt(0), 1)
    tfjs.changed(view)
    expect(await view.data()).toEqual(Float32Array.of(2, 4, 6, 8, 10, 12))
    view.dispose()
    expect(await engine.read(handle, 5, 1)).toEqual(Float32Array.of(12))
  })

  test('a view must cover its buffer', () => {
    expect(() => tfjs.view(engine.allocate('float', 6, 'six'), [5])).toThrow('tfjs view of six: shape 5 must cover its 6 float elements')
  })

  test('SGD of a small network follows tfjs\'s optimizer', async () => {
    const { tf } = tfjs
    const [rows, inputs, hidden, classes, steps, rate] = [8, 12, 9, 5, 5, 0.3]
    const values = (length: number, seed: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.fround((((i + 1) * seed) % 97) / 97 - 0.5))
    const start = values(inputs * hidden + hidden + hidden * classes + classes, 31)
    const x = values(rows * inputs, 17)
    const y = Uint32Array.from({ length: rows }, (_, i) => i % classes)

    const [weights, data, labels] = [engine.allocate('float', start.length, 'weights'), engine.allocate('float', x.length, 'x'), engine.allocate('index', rows, 'y')]
    engine.write(weights, start)
    engine.write(data, x)
    engine.write(labels, y)
    const ops = new Recorder('step', 0)
    const shapes = [[inputs, hidden], [hidden], [hidden, classes], [classes]]
    const offsets = [0, inputs * hidden, inputs * hidden + hidden, inputs * hidden + hidden + hidden * classes]
    const [w1, b1, w2, b2] = shapes.map((shape, i) => ops.fixed(weights, offsets[i], shape))
    const input = ops.fixed(data, 0, [rows, inputs])
    const h = ops.relu(ops.addBias(ops.matmul(input, w1), b1))
    const logits = ops.addBias(ops.matmul(h, w2), b2)
    const { gradient } = ops.softmaxCrossEntropy(logits, ops.fixed(labels, 0, [rows, 1]), 1 / rows, { rowLoss: null, rowCorrect: null })
    const dh = ops.maskPositive(ops.matmul(gradient, w2, { transposeB: true }), h)
    const gradients = [ops.matmul(input, dh, { transposeA: true }), ops.columnSum(dh), ops.matmul(h, gradient, { transposeA: true }), ops.columnSum(gradient)]
    ;[w1, b1, w2, b2].forEach((place, i) => ops.sgdUpdate(gradients[i], place, null, false))
    const step = await engine.compile(ops.finish())
    await step.run({ ...frameAt(0), learningRate: rate }, steps)

    const variables = shapes.map((shape, i) => tf.variable(tf.tensor(start.slice(offsets[i], offsets[i] + shape.reduce((a, b) => a * b, 1)), shape)))
    const optimizer = tf.train.sgd(rate)
    const [tx, ty] = [tf.tensor2d(x, [rows, inputs]), tf.oneHot(tf.tensor1d(Int32Array.from(y), 'int32'), classes)]
    for (let i = 0; i < steps; i++) {
      optimizer.minimize(() => {
        const hiddenUnits = tf.relu(tf.add(tf.matMul(tx, variables[0]), variables[1]))
        return tf.losses.softmaxCrossEntropy(ty, tf.add(tf.matMul(hiddenUnits, variables[2]), variables[3])).asScalar()
      })
    }
    const expected = (await Promise.all(variables.map((variable) => variable.data()))).flatMap((part) => [...part])
    const actual = Float64Array.from(await engine.read(weights))
    expect(relativeDistance(actual, Float64Array.from(expected))).toBeLessThan(FLOAT32_TOLERANCE)
  })
})
