import { describe, expect, test } from 'vitest'
import { numbers, TestBench } from './test-bench.ts'

interface Readings {
  readonly loss: Float32Array
  readonly correct: Float32Array
  readonly probabilities: Float32Array
  readonly gradient: Float32Array
}

async function crossEntropy(logits: Float32Array, labels: readonly number[], scale = 1): Promise<Readings> {
  const rows = labels.length
  const classes = logits.length / rows
  const bench = await TestBench.open(rows)
  const { ops } = bench
  const [loss, correct, p, g] = [bench.empty([rows, 1]), bench.empty([rows, 1]), bench.empty([rows, classes]), bench.empty([rows, classes])]
  const indices = ops.sampleRows(bench.indices(labels), [1])
  const { probabilities, gradient } = ops.softmaxCrossEntropy(bench.fixed([rows, classes], logits), indices, scale, { rowLoss: loss, rowCorrect: correct })
  ops.store(probabilities, p, 'assign')
  ops.store(gradient, g, 'assign')
  await bench.run()
  return {
    loss: await bench.values(loss),
    correct: await bench.values(correct),
    probabilities: await bench.values(p),
    gradient: await bench.values(g),
  }
}

/** log Σ exp in float64, without overflow. */
function logSumExp(values: Float32Array): number {
  const largest = Math.max(...values)
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0))
}

describe('softmax cross entropy', () => {
  test.each([1, 30, 1e4])('with logits up to ±%d: the loss is log-sum-exp minus the own logit', async (magnitude) => {
    const logits = numbers(40, 1).map((value) => value * magnitude)
    const labels = [3, 0, 9, 5]
    const { loss, gradient, probabilities } = await crossEntropy(logits, labels)
    labels.forEach((label, r) => {
      const row = logits.subarray(10 * r, 10 * r + 10)
      const expected = logSumExp(row) - row[label]
      expect(Math.abs(loss[r] - expected)).toBeLessThanOrEqual(2e-7 * Math.max(expected, 1e-3))
    })
    expect([...loss, ...gradient, ...probabilities].every(Number.isFinite)).toBe(true)
  })

  test('probabilities sum to one and gradients to zero', async () => {
    const { probabilities, gradient } = await crossEntropy(numbers(21, 2), [6, 0, 1], 0.5)
    for (let r = 0; r < 3; r++) {
      const row = (values: Float32Array): number => values.subarray(7 * r, 7 * r + 7).reduce((sum, value) => sum + value, 0)
      expect(row(probabilities)).toBeCloseTo(1, 6)
      expect(row(gradient)).toBeCloseTo(0, 6)
    }
  })

  test('the gradient at the label of a well-fitted sample keeps its digits', async () => {
    const { gradient } = await crossEntropy(Float32Array.of(20, 0, 0), [0])
    const others = (2 * Math.exp(-20)) / (1 + 2 * Math.exp(-20))
    expect(gradient[0] / -others).toBeCloseTo(1, 6)
  })

  test('a tie is won by the first class', async () => {
    const { correct } = await crossEntropy(Float32Array.of(1, 2, 2, 1, 2, 2), [1, 2])
    expect([...correct]).toEqual([1, 0])
  })

  test('a label outside the classes and a logit that is not a number make the loss not a number', async () => {
    const { loss, correct } = await crossEntropy(Float32Array.of(1, 2, NaN, 1), [2, 0])
    expect([...loss]).toEqual([NaN, NaN])
    expect([...correct]).toEqual([0, 0])
  })

  test('one class only costs nothing', async () => {
    const { loss, gradient } = await crossEntropy(Float32Array.of(5), [0])
    expect(loss[0]).toBe(0)
    expect(Math.abs(gradient[0])).toBe(0)
  })
})

describe('softmax tangent', () => {
  test('is scale·(diag p − p pᵀ)·t', async () => {
    const [rows, classes] = [3, 5]
    const bench = await TestBench.open(rows)
    const p = numbers(rows * classes, 1).map((value) => (value + 1) / 5)
    const t = numbers(rows * classes, 2)
    const out = bench.empty([rows, classes])
    bench.ops.store(bench.ops.softmaxTangent(bench.fixed([rows, classes], p), bench.fixed([rows, classes], t), 0.25), out, 'assign')
    await bench.run()
    const actual = await bench.values(out)
    for (let r = 0; r < rows; r++) {
      let mean = 0
      for (let c = 0; c < classes; c++) mean += p[r * classes + c] * t[r * classes + c]
      for (let c = 0; c < classes; c++) {
        const at = r * classes + c
        expect(actual[at]).toBeCloseTo(0.25 * p[at] * (t[at] - mean), 7)
      }
    }
  })
})
