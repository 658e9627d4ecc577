/**
 * Measures how far whole spectra, matrices other than the Hessian and densities of the float32 engines are from those of the
 * float64 reference engine, on MLP 50 after two epochs, and prints the table of docs/numerical-notes.md. Needs the prepared
 * MNIST (`npm start` makes it).
 *
 *   npx tsx scripts/measure-spectral-errors.ts
 */
import { cpus } from 'node:os'
import { presets } from '../src/contracts/presets.ts'
import { openNodeGpu } from '../workers/cli/node-gpu.ts'
import { nodeSource } from '../workers/cli/node-source.ts'
import { loadDataset } from '../workers/data/loader.ts'
import type { Engine } from '../workers/engine/engine.ts'
import { createReferenceEngine } from '../workers/engine/reference/reference-engine.ts'
import { createWasmEngine } from '../workers/engine/wasm/wasm-engine.ts'
import { openDevice } from '../workers/engine/webgpu/device.ts'
import { createWebGpuEngine } from '../workers/engine/webgpu/webgpu-engine.ts'
import type { CurvatureMatrix, CurvatureSettings } from '../src/contracts/experiment.ts'
import type { MatrixDeps } from '../workers/experiments/deps.ts'
import { spectralDensity } from '../workers/experiments/hessian/density.ts'
import { withMatrix } from '../workers/experiments/hessian/matrix.ts'
import { buildDense } from '../workers/experiments/whole-spectrum/build-dense.ts'
import { nodeLinalgThreads } from '../workers/linalg/node/threads.ts'
import { openLinalg } from '../workers/linalg/linalg.ts'
import { initialWeights } from '../workers/networks/initialise.ts'
import { buildNetwork } from '../workers/networks/network.ts'
import { uploadData } from '../workers/networks/resident-data.ts'
import { createRandom } from '../workers/numerics/random.ts'
import { Curvature } from '../workers/operators/curvature.ts'
import { Trainer } from '../workers/training/trainer.ts'

const SAMPLES = 500
const EPOCHS = 2
const NO_DECAY = { weightDecay: 0, decayed: 'kernels' } as const
const { network: layers, training, seeds } = presets[0].experiment
const pacing = { breathe: () => Promise.resolve(), now: () => performance.now(), signal: new AbortController().signal }

const { train } = await loadDataset({ name: 'mnist', trainSamples: 2000, testSamples: 1 }, nodeSource())
const network = buildNetwork(layers, train.images.length / train.count, 10)
const weights = await trainedWeights()
const linalg = await openLinalg(nodeLinalgThreads)

async function trainedWeights(): Promise<Float32Array> {
  const engine = await createWasmEngine()
  const data = uploadData(engine, train.images, train.labels, network.inputSize, 'training')
  const trainer = new Trainer(engine, network, data, training, seeds)
  const initial = initialWeights(network, layers.initialiser, seeds.initialisation)
  trainer.restore({ position: { epoch: 0, cursor: 0, step: 0 }, weights: initial, velocity: new Float32Array(network.parameterCount) })
  while (trainer.position.epoch < EPOCHS) await trainer.advance(Infinity)
  return Float32Array.from((await trainer.snapshot()).weights)
}

interface Readings {
  readonly kronecker: Float64Array
  readonly products: Float64Array
  readonly hessian: Float64Array
  readonly gaussNewton: Float64Array
  readonly empiricalFisher: Float64Array
  readonly trace: number
}

const settings = (selection: string, matrix: CurvatureMatrix = 'hessian'): CurvatureSettings => ({ selection, matrix, decayTerm: true, samples: SAMPLES, part: 'first', batchNorm: 'inference' })

async function readingsOf(engine: Engine): Promise<Readings> {
  const data = uploadData(engine, train.images, train.labels, network.inputSize, 'samples')
  const openMatrix: MatrixDeps['openMatrix'] = (buffer, samples, selection, options) => Curvature.create(engine, network, buffer, samples, selection, options)
  const deps: MatrixDeps = { engine, network, train: data, host: train, pacing, openMatrix }
  const eigenvalues = (selection: string): Promise<Float64Array> =>
    withMatrix(deps, weights, settings(selection), NO_DECAY, async (matrix) => {
      const target = linalg.matrix(matrix.selection.size, { vectors: false })
      await buildDense(deps, matrix, settings(selection), NO_DECAY, target, () => undefined)
      const found = await target.eigen()
      target.dispose()
      return found?.eigenvalues ?? new Float64Array(0)
    })
  const product = (matrix: CurvatureMatrix): Promise<Float64Array> =>
    withMatrix(deps, weights, settings('all', matrix), NO_DECAY, async ({ operator }) => {
      const random = createRandom(seeds.probes, 'measure-errors')
      const y = new Float64Array(operator.size)
      await operator.apply(Float64Array.from(y, () => Math.fround(random.normal())), y)
      return y
    })
  const density = await withMatrix(deps, weights, settings('all'), NO_DECAY, (matrix) => spectralDensity(matrix, { probes: 2, steps: 20 }, 7, pacing, { onStep: () => undefined, onProbe: () => undefined }))
  return {
    kronecker: await eigenvalues('2.kernel'),
    // The bias of another layer makes the selection one that products build.
    products: await eigenvalues('2.bias+3.bias'),
    hessian: await product('hessian'),
    gaussNewton: await product('gaussNewton'),
    empiricalFisher: await product('empiricalFisher'),
    trace: density?.moments.trace.value ?? NaN,
  }
}

const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
const worst = (a: Float64Array, b: Float64Array): number => largest(a.map((value, i) => value - b[i])) / largest(b)
const norm = (values: Float64Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
const distance = (a: Float64Array, b: Float64Array): number => norm(a.map((value, i) => value - b[i])) / norm(b)

function errors(actual: Readings, judge: Readings): readonly (readonly [string, number])[] {
  return [
    ['all 2,500 eigenvalues of 2.kernel from Kronecker factors: largest error / h₁', worst(actual.kronecker, judge.kronecker)],
    ['the same: most negative eigenvalue / h₁', Math.max(0, -actual.kronecker[actual.kronecker.length - 1]) / actual.kronecker[0]],
    ['all 60 eigenvalues of 2.bias+3.bias from products: largest error / h₁', worst(actual.products, judge.products)],
    ['Hessian-vector product, 42,310 weights', distance(actual.hessian, judge.hessian)],
    ['Gauss–Newton (Fisher) product', distance(actual.gaussNewton, judge.gaussNewton)],
    ['empirical Fisher product', distance(actual.empiricalFisher, judge.empiricalFisher)],
    ['trace by quadrature with the same probes', Math.abs(actual.trace / judge.trace - 1)],
  ]
}

const engines: Engine[] = [createReferenceEngine(), await createWasmEngine()]
const gpu = await openNodeGpu()
if (gpu === null) console.log('No WebGPU adapter: that column is left out.')
else engines.push(await createWebGpuEngine(await openDevice(gpu)))
const readings: Readings[] = []
for (const engine of engines) readings.push(await readingsOf(engine))
const columns = readings.map((reading) => errors(reading, readings[0]))

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const shown = (value: number): string => (value === 0 ? '–' : value.toExponential(1))
console.log(`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}\n`)
console.log(row(['relative error', ...engines.map(({ info }) => info.label)]))
console.log(row(['---', ...engines.map(() => '---')]))
columns[0].forEach(([name], i) => console.log(row([name, ...columns.map((column) => shown(column[i][1]))])))
process.exit(0)
