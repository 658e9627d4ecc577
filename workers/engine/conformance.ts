import { define, numbers, type ConformanceCase } from './conformance-bench.ts'
import { updateCases } from './conformance-updates.ts'
import { windowCases } from './conformance-windows.ts'

/** Relative L2 distance allowed between a float32 engine and the reference (ERRATA: 1e-5). */
export const FLOAT32_TOLERANCE = 1e-5

/** ‖actual − expected‖ / ‖expected‖; NaN when anything is not finite or lengths differ. */
export function relativeDistance(actual: Float64Array, expected: Float64Array): number {
  if (actual.length !== expected.length) return NaN
  let difference = 0
  let norm = 0
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i] - expected[i]) ** 2
    norm += expected[i] ** 2
  }
  return Math.sqrt(difference / Math.max(norm, Number.MIN_VALUE))
}

/** Sizes around the tile sizes of the executors, and a prime. */
const SIZES = [
  [1, 1, 1],
  [5, 3, 7],
  [6, 8, 8],
  [7, 9, 9],
  [8, 16, 10],
  [13, 31, 17],
  [32, 784, 50],
  [31, 50, 10],
] as const

function matmulCases(): ConformanceCase[] {
  return SIZES.flatMap(([m, k, n]) =>
    [false, true].flatMap((transposeA) =>
      [false, true].map((transposeB) =>
        define(`matmul ${m}×${k}×${n}${transposeA ? ', a transposed' : ''}${transposeB ? ', b transposed' : ''}`, m, (bench) => {
          const a = bench.fixed(transposeA ? [k, m] : [m, k], 1)
          const b = bench.fixed(transposeB ? [n, k] : [k, n], 2)
          const out = bench.empty([m, n])
          bench.ops.store(bench.ops.matmul(a, b, { transposeA, transposeB }), out, 'assign')
          return bench.result([out])
        }),
      ),
    ),
  )
}

function fusionCases(): ConformanceCase[] {
  return [
    define('dense layer with ReLU', 7, (bench) => {
      const { ops } = bench
      const out = bench.empty([7, 10])
      ops.store(ops.relu(ops.addBias(ops.matmul(bench.fixed([7, 20], 1), bench.fixed([20, 10], 2)), bench.fixed([10], 3))), out, 'assign')
      return bench.result([out])
    }),
    define('sum of two products with bias and mask', 9, (bench) => {
      const { ops } = bench
      const out = bench.empty([9, 11])
      const first = ops.matmul(bench.fixed([9, 13], 1), bench.fixed([13, 11], 2))
      const second = ops.matmul(bench.fixed([5, 9], 3), bench.fixed([11, 5], 4), { transposeA: true, transposeB: true })
      const sum = ops.addBias(ops.add(first, second), bench.fixed([11], 5))
      ops.store(ops.maskPositive(sum, bench.fixed([9, 11], 6)), out, 'assign')
      return bench.result([out])
    }),
    define('a product with two consumers is computed once and read twice', 6, (bench) => {
      const { ops } = bench
      const [sum, product] = [bench.empty([6, 6]), bench.empty([6, 6])]
      const value = ops.matmul(bench.fixed([6, 4], 1), bench.fixed([4, 6], 2))
      ops.store(ops.add(value, value), sum, 'assign')
      ops.store(ops.multiply(value, ops.relu(value)), product, 'assign')
      return bench.result([sum, product])
    }),
    define('accumulation over three replays', 4, (bench) => {
      const { ops } = bench
      const out = bench.empty([3, 5])
      const x = ops.sampleRows(bench.filled(36, 1), [3])
      const y = ops.sampleRows(bench.filled(60, 2), [5])
      ops.store(ops.matmul(x, y, { transposeA: true }), out, 'accumulate')
      return bench.result([out], 3)
    }),
    define('column sum, scaled, accumulated', 17, (bench) => {
      const { ops } = bench
      const out = bench.fixed([1, 9], 8)
      ops.store(ops.scale(ops.columnSum(bench.fixed([17, 9], 1)), -0.75), out, 'accumulate')
      return bench.result([out])
    }),
    define('bias repeated on every row', 5, (bench) => {
      const { ops } = bench
      const [masked, product] = [bench.empty([5, 6]), bench.empty([5, 3])]
      const repeated = ops.broadcastRows(bench.fixed([6], 1), 5)
      ops.store(ops.maskPositive(repeated, bench.fixed([5, 6], 2)), masked, 'assign')
      ops.store(ops.matmul(repeated, bench.fixed([6, 3], 3)), product, 'assign')
      return bench.result([masked, product])
    }),
    define('values kept for a second recording', 4, (bench) => {
      const { ops } = bench
      const kept = bench.engine.allocate('float', 40, 'kept')
      const x = ops.sampleRows(bench.filled(24, 1), [3])
      const value = ops.keep(ops.relu(ops.matmul(x, bench.fixed([3, 5], 2))), ops.sampleRows(kept, [5]))
      const out = bench.empty([5, 5])
      ops.store(ops.matmul(value, value, { transposeA: true }), out, 'accumulate')
      return bench.result([out, ops.fixed(kept, 0, [8, 5])], 2)
    }),
  ]
}

function gatherCases(): ConformanceCase[] {
  return [
    define('gathered rows as left factor, plain and transposed', 6, (bench) => {
      const { ops } = bench
      const order = bench.indices([9, 0, 4, 4, 11, 2, 7, 1, 3, 10, 5, 8])
      const x = ops.gatheredRows(bench.filled(12 * 19, 1), order, 19)
      const [plain, transposed] = [bench.empty([6, 10]), bench.empty([19, 10])]
      ops.store(ops.matmul(x, bench.fixed([19, 10], 2)), plain, 'accumulate')
      ops.store(ops.matmul(x, bench.fixed([6, 10], 3), { transposeA: true }), transposed, 'accumulate')
      return bench.result([plain, transposed], 2)
    }),
  ]
}

function crossEntropyCase(classes: number, magnitude: number): ConformanceCase {
  return define(`softmax cross entropy, ${classes} classes, logits up to ${magnitude}`, 7, async (bench) => {
    const { ops, engine } = bench
    const buffer = bench.filled(21 * classes, 4)
    engine.write(buffer, numbers(21 * classes, 4).map((value) => value * magnitude))
    const order = bench.indices([3, 20, 1, 0, 5, 19, 7, 8, 2, 10, 4, 12, 13, 6])
    const labels = ops.gatheredRows(bench.indices(Array.from({ length: 21 }, (_, i) => (i * 7) % classes)), order, 1)
    const [loss, correct] = [engine.allocate('float', 14, 'loss'), engine.allocate('float', 14, 'correct')]
    const readings = { rowLoss: ops.sampleRows(loss, [1]), rowCorrect: ops.sampleRows(correct, [1]) }
    const logits = ops.gatheredRows(buffer, order, classes)
    const { gradient, probabilities } = ops.softmaxCrossEntropy(logits, labels, 1 / 7, readings)
    const [g, p, t] = [bench.empty([7, classes]), bench.empty([7, classes]), bench.empty([7, classes])]
    ops.store(gradient, g, 'assign')
    ops.store(probabilities, p, 'assign')
    ops.store(ops.softmaxTangent(probabilities, bench.fixed([7, classes], 9), 0.5), t, 'assign')
    return bench.result([g, p, t, ops.fixed(loss, 0, [14]), ops.fixed(correct, 0, [14])], 2)
  })
}

function rankOneCase(rows: number, classes: number): ConformanceCase {
  return define(`rows times their own scalar products with tangents, ${rows}×${classes}`, rows, (bench) => {
    const { ops } = bench
    const [plain, behind, sampled] = [bench.empty([rows, classes]), bench.empty([rows, classes]), bench.empty([rows, classes])]
    const x = bench.fixed([rows, classes], 1)
    const rowsOfSamples = ops.sampleRows(bench.filled(2 * rows * classes, 2), [classes])
    ops.store(ops.rankOne(x, bench.fixed([rows, classes], 3), 0.25), plain, 'assign')
    ops.store(ops.rankOne(x, ops.matmul(bench.fixed([rows, 11], 4), bench.fixed([11, classes], 5)), -3), behind, 'assign')
    ops.store(ops.rankOne(rowsOfSamples, x, 200), sampled, 'accumulate')
    return bench.result([plain, behind, sampled], 2)
  })
}

function sgdCase(withMomentum: boolean): ConformanceCase {
  return define(`SGD ${withMomentum ? 'with' : 'without'} momentum, decayed kernel and plain bias, four steps`, 4, (bench) => {
    const { ops } = bench
    const weights = bench.filled(6 * 5 + 5, 1)
    const velocity = bench.filled(6 * 5 + 5, 2)
    const [kernel, bias] = [ops.fixed(weights, 0, [6, 5]), ops.fixed(weights, 30, [5])]
    const x = ops.sampleRows(bench.filled(16 * 6, 3), [6])
    const dy = ops.relu(ops.addBias(ops.matmul(x, kernel), bias))
    ops.sgdUpdate(ops.matmul(x, dy, { transposeA: true }), kernel, withMomentum ? ops.fixed(velocity, 0, [6, 5]) : null, true)
    ops.sgdUpdate(ops.columnSum(dy), bias, withMomentum ? ops.fixed(velocity, 30, [5]) : null, false)
    return bench.result([ops.fixed(weights, 0, [35]), ops.fixed(velocity, 0, [35])], 4)
  })
}

function hazardCases(): ConformanceCase[] {
  return [
    define('a product that reads weights is taken before they are updated', 3, (bench) => {
      const { ops } = bench
      const weights = bench.filled(12, 1)
      const kernel = ops.fixed(weights, 0, [4, 3])
      const dy = bench.fixed([3, 3], 2)
      const x = bench.fixed([3, 4], 3)
      const back = ops.matmul(dy, kernel, { transposeB: true })
      ops.sgdUpdate(ops.matmul(x, dy, { transposeA: true }), kernel, null, true)
      const out = bench.empty([3, 4])
      ops.store(back, out, 'assign')
      return bench.result([out, kernel])
    }),
    define('a product stored over one of its own factors', 4, (bench) => {
      const { ops } = bench
      const square = bench.fixed([9, 9], 1)
      ops.store(ops.matmul(square, square), square, 'assign')
      return bench.result([square], 2)
    }),
  ]
}

/** The whole suite. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...matmulCases(),
  ...fusionCases(),
  ...gatherCases(),
  crossEntropyCase(10, 3),
  crossEntropyCase(2, 1),
  crossEntropyCase(17, 50),
  crossEntropyCase(10, 1e4),
  rankOneCase(7, 10),
  rankOneCase(3, 1),
  rankOneCase(33, 17),
  sgdCase(false),
  sgdCase(true),
  ...hazardCases(),
  ...windowCases,
  ...updateCases,
]
