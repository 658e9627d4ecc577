import type { CurvatureSettings } from '../src/contracts/experiment.ts'
import { createWasmEngine } from '../workers/engine/wasm/wasm-engine.ts'
import type { MatrixDeps } from '../workers/experiments/deps.ts'
import { withMatrix, type Decay, type Matrix } from '../workers/experiments/hessian/matrix.ts'
import { buildDense } from '../workers/experiments/whole-spectrum/build-dense.ts'
import type { DenseMatrix } from '../workers/linalg/dense-matrix.ts'
import { openLinalg } from '../workers/linalg/linalg.ts'
import { nodeLinalgThreads } from '../workers/linalg/node/threads.ts'
import { uploadData } from '../workers/networks/resident-data.ts'
import { atLeast, formatTime, ratio, timed, type BenchOptions, type Ratio } from './lib/measure.ts'
import { syntheticSamples } from './lib/samples.ts'
import { openSharedCurvature } from './lib/shared-curvature.ts'
import { subjectOf } from './lib/subjects.ts'

/** The layer (128,64) of MLP 256: 8,192 entries. */
const SELECTION = '3.kernel'
const QUICK = 5000
const FULL = 50_000
const COLUMNS = 48
const NO_DECAY: Decay = { weightDecay: 0, decayed: 'kernels' }

/**
 * The dense Hessian of the (128,64) kernel of MLP 256 from the factors of its layer, against column by column from
 * products: some columns, spread over the matrix, stand for all 8,192. Both use all cores, as the lab does.
 */
export async function benchKronecker({ rounds, sizes, isFull }: BenchOptions): Promise<readonly Ratio[]> {
  const ratios: Ratio[] = []
  for (const samples of sizes ?? [isFull ? FULL : QUICK]) ratios.push(await compare(samples, rounds ?? (samples > QUICK ? 1 : 3)))
  return ratios
}

async function compare(samples: number, rounds: number): Promise<Ratio> {
  const { network, weights: state } = subjectOf('mlp256')
  const engine = await createWasmEngine()
  const linalg = await openLinalg(nodeLinalgThreads)
  const host = syntheticSamples(samples, network.inputSize)
  const train = uploadData(engine, host.images, host.labels, network.inputSize, 'bench')
  const openMatrix: MatrixDeps['openMatrix'] = async (weights, data, selection) => {
    const { operator, dismiss } = await openSharedCurvature(engine, network, weights, data, selection)
    const { size, symmetric } = operator
    return { size, symmetric, apply: (x, y) => operator.apply(x, y), linearise: () => operator.linearise(), dispose: dismiss }
  }
  const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  const pacing = { breathe, now: () => performance.now(), signal: new AbortController().signal }
  const deps: MatrixDeps = { engine, network, train, host, pacing, openMatrix }
  const settings: CurvatureSettings = { selection: SELECTION, matrix: 'hessian', decayTerm: false, samples, part: 'first', batchNorm: 'inference' }
  const { built, columns, linearising, apart, cores, size } = await withMatrix(deps, state, settings, NO_DECAY, async (matrix) => {
    let [built, columns, linearising, apart] = [Infinity, Infinity, Infinity, 0]
    for (let round = 0; round < rounds; round++) {
      const dense = linalg.matrix(matrix.operator.size, { vectors: false })
      built = Math.min(built, await timed(() => buildDense(deps, matrix, settings, NO_DECAY, dense, () => undefined)))
      linearising = Math.min(linearising, await timed(() => matrix.operator.linearise()))
      const seen = await someColumns(matrix, dense)
      columns = Math.min(columns, seen.milliseconds)
      apart = Math.max(apart, seen.apart)
      dense.dispose()
    }
    return { built, columns, linearising, apart, cores: linalg.threads, size: matrix.operator.size }
  })
  linalg.dispose()
  engine.dispose()
  const all = linearising + size * columns
  const products = `from products ${formatTime(all)}, extrapolated from ${COLUMNS} columns of ${formatTime(columns)} each`
  const text = `${size} × ${size}, ${samples} samples, ${cores} threads: from factors ${formatTime(built)}, ${products}; these differ by ${apart.toExponential(1)} of the largest entry`
  return ratio('kronecker-vs-products', all / built, text, atLeast(10))
}

/** Milliseconds per column, and the largest difference from the matrix built, ÷ its largest entry. */
async function someColumns({ operator }: Matrix, { values, size }: DenseMatrix): Promise<{ milliseconds: number; apart: number }> {
  const unit = new Float64Array(size)
  const column = new Float64Array(size)
  let [milliseconds, apart, largest] = [0, 0, 0]
  for (let i = 0; i < COLUMNS; i++) {
    const j = Math.floor((i * size) / COLUMNS)
    unit.fill(0)
    unit[j] = 1
    milliseconds += await timed(() => operator.apply(unit, column))
    for (let row = 0; row < size; row++) {
      apart = Math.max(apart, Math.abs(column[row] - values[j * size + row]))
      largest = Math.max(largest, Math.abs(column[row]))
    }
  }
  return { milliseconds: milliseconds / COLUMNS, apart: apart / largest }
}
