import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../numerics/random.ts'
import { openLinalg, type Linalg } from './linalg.ts'

let linalg: Linalg
beforeAll(async () => (linalg = await openLinalg(null)))
afterAll(() => linalg.dispose())

interface Samples {
  readonly inputs: Float32Array
  readonly factors: Float64Array
  readonly rows: number
}

/** @param zeros share of the inputs that are zero, as ReLU leaves them */
function samplesOf(inputs: number, outputs: number, rows: number, zeros = 0): Samples {
  const random = createRandom(7, `${inputs} ${outputs} ${rows}`)
  return {
    inputs: Float32Array.from({ length: rows * inputs }, () => (random.uniform() < zeros ? 0 : random.normal())),
    factors: Float64Array.from({ length: (rows * outputs * (outputs + 1)) / 2 }, () => random.normal()),
    rows,
  }
}

/** H[(i, o), (i′, o′)] = Σ a_i a_i′ G[o, o′] by plain loops. */
function plainly({ inputs: a, factors: g, rows }: Samples, inputs: number, outputs: number, shift: number): Float64Array {
  const [n, pairs] = [inputs * outputs, (outputs * (outputs + 1)) / 2]
  const h = new Float64Array(n * n)
  for (let row = 0; row < rows; row++) {
    let at = row * pairs
    for (let o = 0; o < outputs; o++) {
      for (let p = o; p < outputs; p++) {
        const value = g[at++]
        for (let i = 0; i < inputs; i++) {
          for (let j = 0; j < inputs; j++) {
            const product = a[row * inputs + i] * a[row * inputs + j] * value
            h[(i * outputs + o) * n + j * outputs + p] += product
            if (p > o) h[(i * outputs + p) * n + j * outputs + o] += product
          }
        }
      }
    }
  }
  for (let i = 0; i < n; i++) h[i * n + i] += shift
  return h
}

async function sumOf(samples: Samples, inputs: number, outputs: number, shift: number, parts: readonly number[]): Promise<Float64Array> {
  const dense = linalg.matrix(inputs * outputs, { vectors: true })
  const sum = dense.kronecker(inputs, outputs)
  const pairs = (outputs * (outputs + 1)) / 2
  let first = 0
  for (const rows of parts) {
    await sum.add(samples.inputs.subarray(first * inputs, (first + rows) * inputs), samples.factors.subarray(first * pairs, (first + rows) * pairs), rows)
    first += rows
  }
  await sum.finish(shift)
  const values = dense.values.slice()
  dense.dispose()
  return values
}

describe('Kronecker sum', () => {
  it.each([
    [1, 1, 5],
    [1, 6, 40],
    [7, 1, 40],
    [5, 3, 1],
    [9, 10, 300],
    [17, 5, 1100],
  ])('of %i inputs and %i outputs over %i samples is what plain loops find', async (inputs, outputs, rows) => {
    const samples = samplesOf(inputs, outputs, rows)
    const expected = plainly(samples, inputs, outputs, 0.5)
    const values = await sumOf(samples, inputs, outputs, 0.5, [rows])
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    expect(values.length).toBe(expected.length)
    expect(values.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0)).toBeLessThan(1e-13 * largest)
  })

  it.each([0.5, 0.9, 1])('with a share %d of zeros among the inputs is what plain loops find', async (zeros) => {
    const samples = samplesOf(13, 6, 900, zeros)
    const expected = plainly(samples, 13, 6, 0.5)
    const values = await sumOf(samples, 13, 6, 0.5, [900])
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    expect(values.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0)).toBeLessThan(1e-13 * largest)
  })

  it('does not depend on how samples come in', async () => {
    const samples = samplesOf(6, 4, 2500)
    const whole = await sumOf(samples, 6, 4, 0, [2500])
    expect(await sumOf(samples, 6, 4, 0, [1, 999, 24, 1000, 0, 476])).toEqual(whole)
  })

  it('becomes the matrix of an eigendecomposition', async () => {
    const samples = samplesOf(10, 12, 700)
    const dense = linalg.matrix(120, { vectors: true })
    const sum = dense.kronecker(10, 12)
    await sum.add(samples.inputs, samples.factors, 700)
    await sum.finish(0)
    const trace = Array.from({ length: 120 }, (_, i) => dense.values[i * 121]).reduce((total, value) => total + value, 0)
    const eigen = await dense.eigen()
    expect(eigen?.eigenvalues.reduce((total, value) => total + value, 0)).toBeCloseTo(trace, 8)
    dense.dispose()
  })

  it('refuses a shape that is not the matrix’s, too few numbers and too little memory', async () => {
    const dense = linalg.matrix(12, { vectors: false, limitBytes: 10e6 })
    expect(() => dense.kronecker(3, 5)).toThrow('3 inputs and 5 outputs for a matrix of size 12')
    await expect(dense.kronecker(3, 4).add(new Float32Array(6), new Float64Array(10), 2)).rejects.toThrow('expected 6 and 20')
    const large = linalg.matrix(300, { vectors: false, limitBytes: 10e6 })
    expect(() => large.kronecker(1, 300)).toThrow('and the limit is 10 MB')
    dense.dispose()
    large.dispose()
  })
})
