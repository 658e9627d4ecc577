import { define, FRAME, numbers, type ConformanceCase } from './conformance-bench.ts'
import type { ActivationName, UpdateRule } from './operations.ts'

const ACTIVATIONS: readonly ActivationName[] = ['tanh', 'sigmoid', 'softplus', 'gelu']

function activationCase(name: ActivationName, magnitude: number): ConformanceCase {
  return define(`${name} with its slope and curvature, arguments up to ${magnitude}`, 7, (bench) => {
    const { ops, engine } = bench
    const z = ops.fixed(bench.filled(7 * 29, 1), 0, [7, 29])
    if (z.location !== null) engine.write(z.location.buffer, numbers(7 * 29, 1).map((value) => value * magnitude))
    const t = bench.fixed([7, 29], 2)
    const results = [0, 1, 2].map(() => bench.empty([7, 29]))
    ops.store(ops.activate(z, name), results[0], 'assign')
    ops.store(ops.activateSlope(t, z, name), results[1], 'assign')
    ops.store(ops.activateCurvature(t, z, name), results[2], 'assign')
    return bench.result(results)
  })
}

function columnCase(rows: number, cols: number): ConformanceCase {
  return define(`statistics and affine maps of columns, ${rows}×${cols}`, rows, (bench) => {
    const { ops } = bench
    const [x, y, z] = [1, 2, 3].map((seed) => bench.fixed([rows, cols], seed))
    const [a, b, shift] = [4, 5, 6].map((seed) => bench.fixed([cols], seed))
    const results = [[1, cols], [1, cols], [1, cols], [rows, cols], [rows, cols], [1, cols], [1, cols]].map((shape) => bench.empty(shape))
    const variance = ops.scale(ops.columnDot(x, x, ops.scale(ops.columnSum(x), -1 / rows)), 1 / rows)
    const values = [
      variance,
      ops.columnDot(x, y, null),
      ops.inverseSqrt(variance, 1e-3),
      ops.relu(ops.columnAffine([{ x, factor: a }, { x: y, factor: b }, { x: z, factor: null }], shift)),
      ops.columnAffine([{ x: y, factor: a }], null),
      ops.mix(variance, ops.reshape(shift, [1, cols]), 0.99),
      ops.columnDot(x, y, shift),
    ]
    values.forEach((value, i) => {
      ops.store(value, results[i], i === 4 ? 'accumulate' : 'assign')
    })
    return bench.result(results)
  })
}

const MOMENTS: Record<UpdateRule, readonly [first: boolean, second: boolean]> = {
  sgd: [true, false],
  nesterov: [true, false],
  adam: [true, true],
  rmsprop: [true, true],
  lion: [true, false],
}

function updateCase(rule: UpdateRule, withFirst: boolean): ConformanceCase {
  return define(`${rule}${withFirst ? '' : ' without velocity'}, clipped, decayed kernel and plain bias, three steps at changing rates`, 1, (bench) => {
    const { ops } = bench
    const size = 13 * 7 + 7
    const [weights, gradient, first, second] = [1, 2, 3, 4].map((seed) => bench.filled(size, seed))
    bench.engine.write(second, numbers(size, 4).map(Math.abs))
    const scale = ops.clipFactor(ops.squaredNorm(ops.fixed(gradient, 0, [1, size])), 2)
    const [, hasSecond] = MOMENTS[rule]
    for (const { offset, shape, decayed } of [{ offset: 0, shape: [13, 7], decayed: true }, { offset: 91, shape: [7], decayed: false }]) {
      const operands = {
        gradient: ops.fixed(gradient, offset, shape),
        gradientScale: decayed ? scale : null,
        weights: ops.fixed(weights, offset, shape),
        first: withFirst ? ops.fixed(first, offset, shape) : null,
        second: hasSecond ? ops.fixed(second, offset, shape) : null,
      }
      ops.update(rule, operands, decayed)
    }
    const places = [weights, first, second].map((buffer) => ops.fixed(buffer, 0, [1, size]))
    return bench.result(places, 3, FRAME, (replay) => ({ ...FRAME, learningRate: 0.1 / (replay + 1), epsilon: 1e-3 * (replay + 1) }))
  })
}

function longNormCase(): ConformanceCase {
  return define('squared norm of 300,007 numbers', 1, (bench) => {
    const out = bench.empty([1, 1])
    bench.ops.store(bench.ops.squaredNorm(bench.fixed([1, 300_007], 1)), out, 'assign')
    return bench.result([out])
  })
}

/** Activations, column statistics, optimiser updates. */
export const updateCases: readonly ConformanceCase[] = [
  ...ACTIVATIONS.flatMap((name) => [activationCase(name, 3), activationCase(name, 30)]),
  columnCase(5, 3),
  columnCase(64, 16),
  columnCase(1031, 9),
  ...(['sgd', 'nesterov', 'adam', 'rmsprop', 'lion'] as const).map((rule) => updateCase(rule, true)),
  updateCase('sgd', false),
  updateCase('rmsprop', false),
  longNormCase(),
]
