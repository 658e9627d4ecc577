/**
 * Measures how far the float32 engines are from the float64 reference engine, and both from the stored PyTorch case
 * c1_mlp_tiny, and prints the table of docs/numerical-notes.md. Needs the prepared MNIST (`npm start` makes it).
 *
 *   npx tsx scripts/measure-errors.ts
 *
 * Node 20 knows relaxed SIMD behind a flag only; without it that column is left out:
 *
 *   node --experimental-wasm-relaxed-simd --import tsx scripts/measure-errors.ts
 */
import { cpus } from 'node:os'
import { denseLayers } from '../src/contracts/layers.ts'
import { presets } from '../src/contracts/presets.ts'
import { openNodeGpu } from '../workers/cli/node-gpu.ts'
import { nodeSource } from '../workers/cli/node-source.ts'
import { loadDataset } from '../workers/data/loader.ts'
import type { Engine } from '../workers/engine/engine.ts'
import { createReferenceEngine } from '../workers/engine/reference/reference-engine.ts'
import { createWasmEngine } from '../workers/engine/wasm/wasm-engine.ts'
import { openDevice } from '../workers/engine/webgpu/device.ts'
import { createWebGpuEngine } from '../workers/engine/webgpu/webgpu-engine.ts'
import { initialWeights } from '../workers/networks/initialise.ts'
import { buildNetwork, type Network } from '../workers/networks/network.ts'
import { uploadData } from '../workers/networks/resident-data.ts'
import { selectParameters } from '../workers/networks/selection.ts'
import { createRandom } from '../workers/numerics/random.ts'
import { Curvature } from '../workers/operators/curvature.ts'
import { Trainer } from '../workers/training/trainer.ts'
import { loadCase } from '../fixtures/load.ts'

type Numbers = Float32Array | Float64Array

interface Samples {
  readonly images: Float32Array
  readonly labels: Uint8Array
}

interface Derivatives {
  readonly loss: number
  readonly gradient: Float64Array
  readonly product: Float64Array
}

const SAMPLES = 2000
const EPOCHS = 2
const SHORT = 20
const LONG = 200
const { experiment } = presets[0]
const { training, seeds } = experiment

/** ‖actual − expected‖ / ‖expected − from‖; `from` is the origin unless given. */
function distance(actual: Numbers, expected: Numbers, from?: Numbers): number {
  let [difference, norm] = [0, 0]
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i] - expected[i]) ** 2
    norm += (expected[i] - (from?.[i] ?? 0)) ** 2
  }
  return Math.sqrt(difference / norm)
}

async function derivatives(engine: Engine, network: Network, samples: Samples, theta: Numbers, v: Float64Array): Promise<Derivatives> {
  const weights = engine.allocate('float', theta.length, 'weights')
  engine.write(weights, theta)
  const data = uploadData(engine, samples.images, samples.labels, network.inputSize, 'samples')
  const options = { matrix: 'hessian', weightDecay: 0 } as const
  const curvature = await Curvature.create(engine, network, weights, data, selectParameters(network, 'all'), options)
  const { loss, gradient } = await curvature.linearise()
  const product = new Float64Array(theta.length)
  await curvature.apply(v, product)
  curvature.dispose()
  return { loss, gradient, product }
}

/** A trainer at given weights. */
function startTrainer(engine: Engine, network: Network, samples: Samples, weights: Numbers): Trainer {
  const data = uploadData(engine, samples.images, samples.labels, network.inputSize, 'training')
  const trainer = new Trainer(engine, network, data, training, seeds)
  const start = Float32Array.from(weights)
  trainer.restore({ position: { epoch: 0, cursor: 0, step: 0 }, weights: start, velocity: new Float32Array(start.length) })
  return trainer
}

async function weightsAfter(trainer: Trainer, steps: number): Promise<Numbers> {
  while (trainer.position.step < steps) await trainer.advance(steps - trainer.position.step)
  return (await trainer.snapshot()).weights
}

interface Readings {
  readonly tiny: Derivatives
  readonly mnist: Derivatives
  readonly short: Numbers
  readonly long: Numbers
}

interface Material {
  readonly network: Network
  readonly samples: Samples
  readonly initial: Float32Array
  readonly trained: Numbers
  readonly direction: Float64Array
}

const oracle = loadCase('c1_mlp_tiny')
const tinyNetwork = buildNetwork({ layers: denseLayers(8, 6), activation: 'relu', initialiser: 'glorotUniform' }, 20, 4)

async function prepare(): Promise<Material> {
  const { train } = await loadDataset({ name: 'mnist', trainSamples: SAMPLES, testSamples: 1 }, nodeSource())
  const network = buildNetwork(experiment.network, train.images.length / train.count, 10)
  const initial = initialWeights(network, experiment.network.initialiser, seeds.initialisation)
  const trainer = startTrainer(await createWasmEngine(), network, train, initial)
  const trained = await weightsAfter(trainer, EPOCHS * trainer.stepsPerEpoch)
  const random = createRandom(seeds.probes, 'measure-errors')
  const direction = Float64Array.from({ length: network.parameterCount }, () => Math.fround(random.normal()))
  return { network, samples: train, initial, trained, direction }
}

async function readingsOf(engine: Engine, { network, samples, initial, trained, direction }: Material): Promise<Readings> {
  const tinySamples = { images: Float32Array.from(oracle.array('x')), labels: Uint8Array.from(oracle.array('y')) }
  const tiny = await derivatives(engine, tinyNetwork, tinySamples, oracle.array('theta'), oracle.array('v'))
  const mnist = await derivatives(engine, network, samples, trained, direction)
  const trainer = startTrainer(engine, network, samples, initial)
  const short = await weightsAfter(trainer, SHORT)
  return { tiny, mnist, short, long: await weightsAfter(trainer, LONG) }
}

/** One row per quantity: how far an engine is from what judges it. */
function errors(actual: Readings, judge: Readings, initial: Numbers): readonly (readonly [string, number])[] {
  const { tiny, mnist, short, long } = actual
  return [
    ['c1: loss, against PyTorch float64', Math.abs(tiny.loss / oracle.scalar('loss') - 1)],
    ['c1: gradient, against PyTorch float64', distance(tiny.gradient, oracle.array('grad'))],
    ['c1: Hessian-vector product, against PyTorch float64', distance(tiny.product, oracle.array('hvp'))],
    ['MLP 50: loss', Math.abs(mnist.loss / judge.mnist.loss - 1)],
    ['MLP 50: gradient', distance(mnist.gradient, judge.mnist.gradient)],
    ['MLP 50: Hessian-vector product', distance(mnist.product, judge.mnist.product)],
    [`MLP 50: weights after ${SHORT} steps`, distance(short, judge.short)],
    [`the same, relative to the way moved`, distance(short, judge.short, initial)],
    [`MLP 50: weights after ${LONG} steps`, distance(long, judge.long)],
    [`the same, relative to the way moved`, distance(long, judge.long, initial)],
  ]
}

async function openEngines(): Promise<readonly Engine[]> {
  const [plain, relaxed] = [await createWasmEngine(), await createWasmEngine({ relaxed: true })]
  const engines = relaxed.info.bitExact ? [plain] : [plain, relaxed]
  const gpu = await openNodeGpu()
  if (gpu !== null) engines.push(await createWebGpuEngine(await openDevice(gpu)))
  return engines
}

const material = await prepare()
const reference = createReferenceEngine()
const judge = await readingsOf(reference, material)
const engines = [reference, ...(await openEngines())]
const columns = await Promise.all(engines.map(async (engine) => errors(engine === reference ? judge : await readingsOf(engine, material), judge, material.initial)))

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const shown = (value: number): string => (value === 0 ? '–' : value.toExponential(1))
console.log(`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}\n`)
console.log(row(['relative error', ...engines.map(({ info }) => info.label)]))
console.log(row(['---', ...engines.map(() => '---')]))
columns[0].forEach(([name], i) => console.log(row([name, ...columns.map((column) => shown(column[i][1]))])))
process.exit(0)
