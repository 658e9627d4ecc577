import { describe, expect, test } from 'vitest'
import type { ActivationName } from '../operations.ts'
import { activation } from '../reference/activations.ts'
import { TestBench } from './test-bench.ts'

const NAMES: readonly ActivationName[] = ['tanh', 'sigmoid', 'softplus', 'gelu']

/** −30 to 30 in steps that float32 does not hold, both sides of where formulas change, tiny numbers, and zero. */
const GRID = Float32Array.from([
  ...Array.from({ length: 6001 }, (_, i) => (i - 3000) * 0.01),
  ...[0.3125, 0.625, 1.25, 15].flatMap((x) => [x - 1e-6, x, x + 1e-6, -x - 1e-6, -x, -x + 1e-6]),
  ...[1e-3, 1e-10, 1e-30, 1e-38, 1e-41, 1.4e-45].flatMap((x) => [x, -x]),
])

/** f, f′ and f″ at every x, through the engine; the factors of slope and curvature are 1. */
async function evaluate(name: ActivationName, x: Float32Array): Promise<Record<'value' | 'slope' | 'curvature', Float32Array>> {
  const bench = await TestBench.open()
  const { ops } = bench
  const z = bench.fixed([1, x.length], x)
  const ones = bench.fixed([1, x.length], new Float32Array(x.length).fill(1))
  const [value, slope, curvature] = [ops.activate(z, name), ops.activateSlope(ones, z, name), ops.activateCurvature(ones, z, name)].map((result) => {
    const place = bench.empty([1, x.length])
    ops.store(result, place, 'assign')
    return place
  })
  await bench.run()
  return { value: await bench.values(value), slope: await bench.values(slope), curvature: await bench.values(curvature) }
}

/** Largest error relative to the value; near the smallest normal number, where factors lose digits, to a few times that. */
function largestError(actual: Float32Array, exact: (x: number) => number, scale: (x: number) => number): number {
  return actual.reduce((largest, value, i) => {
    const expected = exact(GRID[i])
    return Math.max(largest, Math.abs(value - expected) / Math.max(Math.abs(expected), scale(GRID[i]), 2 ** -122))
  }, 0)
}

/** tanh′ = 1/cosh², whose other form cancels where tanh is 1. */
const tanhSlope = (x: number): number => 1 / Math.cosh(x) ** 2
const gauss = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

describe.each(NAMES)('%s', (name) => {
  const exact = activation(name)
  const slope = name === 'tanh' ? tanhSlope : (x: number) => exact.slope(x)
  const curvature = name === 'tanh' ? (x: number) => -2 * Math.tanh(x) * tanhSlope(x) : name === 'sigmoid' ? sigmoidCurvature : (x: number) => exact.curvature(x)
  /** Near a zero of a derivative of GELU the rounding of its terms shows. */
  const terms = (x: number): number => (name === 'gelu' ? 2 * (1 + x * x) * gauss(x) : 0)

  function sigmoidCurvature(x: number): number {
    return -exact.slope(x) * Math.tanh(x / 2)
  }

  test('has six digits at every argument up to ±30, also where it is tiny', async () => {
    const actual = await evaluate(name, GRID)
    expect(largestError(actual.value, (x) => exact.value(x), () => 0)).toBeLessThan(1e-6)
    expect(largestError(actual.slope, slope, terms)).toBeLessThan(1e-6)
    expect(largestError(actual.curvature, curvature, terms)).toBeLessThan(1e-6)
  })

  test('has its limits at infinity, and lets NaN through', async () => {
    const { value, slope: slopes } = await evaluate(name, Float32Array.of(Infinity, 1000, -1000, NaN, NaN, NaN, NaN))
    expect([...value.slice(0, 3)]).toEqual([name === 'tanh' || name === 'sigmoid' ? 1 : Infinity, exact.value(1000), name === 'tanh' ? -1 : expect.closeTo(0, 30)])
    expect(slopes[1]).toBe(exact.slope(1000))
    expect(value.slice(3).every(Number.isNaN)).toBe(true)
    expect(slopes.slice(3).every(Number.isNaN)).toBe(true)
  })
})

test('slope and curvature multiply their first operand, at every width, neighbours untouched', async () => {
  for (const length of [1, 3, 4, 7]) {
    const bench = await TestBench.open()
    const { ops } = bench
    const [x, y] = [Float32Array.from({ length }, (_, i) => i - 2.5), Float32Array.from({ length }, (_, i) => 0.7 * i - 1)]
    const buffer = bench.buffer(new Float32Array(length + 4).fill(9))
    ops.store(ops.activateSlope(bench.fixed([length], x), bench.fixed([length], y), 'sigmoid'), ops.fixed(buffer, 2, [length]), 'accumulate')
    await bench.run()
    const after = await bench.engine.read(buffer)
    after.forEach((value, at) => {
      const i = at - 2
      expect(value).toBeCloseTo(i < 0 || i >= length ? 9 : 9 + x[i] * activation('sigmoid').slope(y[i]), 5)
    })
  }
})

test.each([
  ['mix', (x: number, y: number): number => 0.99 * x + (1 - 0.99) * y],
  ['inverseSqrt', (x: number): number => 1 / Math.sqrt(x + 1e-3)],
  ['clipFactor', (x: number): number => Math.min(1, 0.5 / (Math.sqrt(x) + 1e-6))],
] as const)('%s equals its formula in float64, rounded', async (name, formula) => {
  for (const x of [0, 0.2, 0.25, 3, 1e9]) {
    const bench = await TestBench.open()
    const { ops } = bench
    const tensor = bench.fixed([1, 1], Float32Array.of(x))
    const out = bench.empty([1, 1])
    const results = { mix: () => ops.mix(tensor, bench.fixed([1, 1], Float32Array.of(2)), 0.99), inverseSqrt: () => ops.inverseSqrt(tensor, 1e-3), clipFactor: () => ops.clipFactor(tensor, 0.5) }
    ops.store(results[name](), out, 'assign')
    await bench.run()
    const [value] = await bench.values(out)
    expect(value / formula(Math.fround(x), 2)).toBeCloseTo(1, 6)
  }
})
