import { describe, expect, test } from 'vitest'
import { NO_RATES, type Rates } from '../engine.ts'
import type { UpdateRule } from '../operations.ts'
import { numbers, TestBench } from './test-bench.ts'

const { fround } = Math

/** Operations on float32 numbers, each rounded once. */
const plus = (a: number, b: number): number => fround(a + b)
const minus = (a: number, b: number): number => fround(a - b)
const times = (a: number, b: number): number => fround(a * b)
const over = (a: number, b: number): number => fround(a / b)

interface Weight {
  readonly w: number
  readonly m: number
  readonly s: number
}

/** The rules of `Operations.update` in float32, in the order in which they are written there. */
function step(rule: UpdateRule, g: number, { m, s }: Weight, rates: Rates): { readonly change: number; readonly m: number; readonly s: number } {
  const [eta, beta, beta2, epsilon] = [rates.learningRate, rates.momentum, rates.secondMomentum, rates.epsilon].map(fround)
  const [rest, rest2] = [fround(1 - rates.momentum), fround(1 - rates.secondMomentum)]
  const velocity = minus(times(beta, m), times(eta, g))
  const second = plus(times(beta2, s), times(rest2, times(g, g)))
  const root = plus(fround(Math.sqrt(second)), epsilon)
  switch (rule) {
    case 'sgd':
      return { change: velocity, m: velocity, s }
    case 'nesterov':
      return { change: minus(times(beta, velocity), times(eta, g)), m: velocity, s }
    case 'adam': {
      const first = plus(times(beta, m), times(rest, g))
      return { change: -over(times(eta, first), root), m: first, s: second }
    }
    case 'rmsprop': {
      const next = minus(times(beta, m), over(times(eta, g), root))
      return { change: next, m: next, s: second }
    }
    case 'lion':
      return { change: -times(eta, Math.sign(plus(times(beta, m), times(rest, g)))), m: plus(times(beta2, m), times(rest2, g)), s }
  }
}

const RATES: Rates = { learningRate: 0.1, momentum: 0.9, weightDecay: 0.01, secondMomentum: 0.999, epsilon: 1e-3, decoupledDecay: 0.02 }
const HAS: Record<UpdateRule, readonly [first: boolean, second: boolean]> = {
  sgd: [true, false],
  nesterov: [true, false],
  adam: [true, true],
  rmsprop: [true, true],
  lion: [true, false],
}
const RULES = Object.keys(HAS) as UpdateRule[]

/** Two replays at different learning rates; the parameter lies inside its buffers. */
async function updated(rule: UpdateRule, length: number, decayed: boolean, withFirst: boolean): Promise<{ actual: Float32Array[]; expected: Float32Array[] }> {
  const [, hasSecond] = HAS[rule]
  const bench = await TestBench.open()
  const { ops } = bench
  const before = [1, 2, 3].map((seed) => numbers(length + 5, seed).map((value) => (seed === 3 ? Math.abs(value) : value)))
  const gradient = numbers(length, 4).map((value, i) => (i % 5 === 2 ? 0 : value))
  const buffers = before.map((values) => bench.buffer(values))
  const [weights, first, second] = buffers.map((buffer) => ops.fixed(buffer, 2, [length]))
  const gradientScale = decayed ? bench.fixed([1, 1], Float32Array.of(0.7)) : null
  ops.update(rule, { gradient: bench.fixed([length], gradient), gradientScale, weights, first: withFirst ? first : null, second: hasSecond ? second : null }, decayed)
  const executable = await bench.engine.compile(ops.finish())
  const ratesAt = (replay: number): Rates => ({ ...RATES, learningRate: 0.1 / (replay + 1) })
  await executable.run({ ...NO_RATES, cursor: 0 }, 2, undefined, ratesAt)
  const expected = before.map((values) => values.slice())
  for (const rates of [ratesAt(0), ratesAt(1)]) {
    for (let i = 2; i < length + 2; i++) {
      const [w, m, s] = expected.map((values) => values[i])
      const scaled = times(gradientScale ? fround(0.7) : 1, gradient[i - 2])
      const g = decayed ? plus(scaled, times(2 * fround(rates.weightDecay), w)) : scaled
      const next = step(rule, g, { w, m: withFirst ? m : 0, s }, rates)
      expected[0][i] = plus(times(decayed ? fround(1 - rates.decoupledDecay) : 1, w), next.change)
      if (withFirst) expected[1][i] = next.m
      if (hasSecond) expected[2][i] = next.s
    }
  }
  const actual = await Promise.all(buffers.map(async (buffer) => Float32Array.from(await bench.engine.read(buffer))))
  return { actual, expected }
}

describe.each(RULES)('%s', (rule) => {
  test.each([true, false])('takes its step to the bit at every length, decayed and clipped: %s, neighbours untouched', async (decayed) => {
    for (const length of [1, 4, 7, 13]) {
      const { actual, expected } = await updated(rule, length, decayed, true)
      expect(actual).toEqual(expected)
    }
  })
})

test.each(['sgd', 'rmsprop'] as const)('%s takes its step without velocity', async (rule) => {
  const { actual, expected } = await updated(rule, 6, true, false)
  expect(actual).toEqual(expected)
})

test('a gradient that is no number is not hidden by the sign of lion', async () => {
  const bench = await TestBench.open()
  const weights = bench.fixed([3], new Float32Array(3))
  const gradient = bench.fixed([3], Float32Array.of(NaN, 0, -2))
  bench.ops.update('lion', { gradient, gradientScale: null, weights, first: bench.empty([3]), second: null }, false)
  await bench.run({ ...RATES, learningRate: 0.5 })
  expect([...(await bench.values(weights))]).toEqual([NaN, 0, 0.5])
})
