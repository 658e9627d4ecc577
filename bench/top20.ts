import type { Engine } from '../workers/engine/engine.ts'
import type { BufferHandle } from '../workers/engine/tensor.ts'
import { createWasmEngine } from '../workers/engine/wasm/wasm-engine.ts'
import { openWasmRows } from '../workers/linalg/rows/wasm-rows.ts'
import { uploadData, type ResidentData } from '../workers/networks/resident-data.ts'
import { selectParameters, type SelectedParameters } from '../workers/networks/selection.ts'
import { lanczosEigenpairs } from '../workers/numerics/lanczos.ts'
import { createRandom } from '../workers/numerics/random.ts'
import { float64Space as space } from '../workers/numerics/vector-space.ts'
import { Curvature, type CurvatureOperator } from '../workers/operators/curvature.ts'
import { atLeast, formatTime, ratio, timed, type Aim, type BenchOptions, type Ratio } from './lib/measure.ts'
import { openNodeData } from './lib/mnist.ts'
import { network, openBench, SAMPLES, type Samples } from './lib/mlp50.ts'
import { openSharedCurvature, type SharedCurvature } from './lib/shared-curvature.ts'
import { subjectOf, type Subject } from './lib/subjects.ts'
import { openTorch } from './lib/torch.ts'
import { watchProducts } from './lib/watched-products.ts'

const EIGENPAIRS = 20
const EPOCHS = 3
const TOLERANCE = 1e-4
const MOST_PRODUCTS = 200
const ROUNDS = 7

/** One run to the eigenpairs. Residuals are computed when its time is over. */
interface Found {
  readonly milliseconds: number
  readonly products: number
  /** Descending. */
  readonly eigenvalues: ArrayLike<number>
  /** Largest ‖Hv − λv‖ ÷ λ₁. */
  readonly worst: number
  /** What became of the time, in words. */
  readonly text: string
}

interface Contender {
  readonly cores: number
  readonly name: string
  /** Null without SciPy. */
  find(): Promise<Found | null>
  close(): void
}

/**
 * Top-20 eigenpairs of all 42,310 parameters of a trained MLP 50 on 2,000 samples of MNIST, linearisation included: our
 * Lanczos against SciPy's `eigsh` with products by PyTorch, each on all cores and on one, ours also on the engine with
 * fused multiply-add, which PyTorch uses too. More threads can make PyTorch slower, most of all beside other work, so the
 * aim is set to the fastest of each side.
 */
export async function benchTop20({ rounds }: BenchOptions): Promise<readonly Ratio[]> {
  const samples = await openNodeData(SAMPLES)
  const weights = await trained(samples)
  const subject = { ...subjectOf('mlp50'), weights }
  const ours = [await openOurs(samples, weights, { isShared: true, relaxed: false }), await openOurs(samples, weights, { isShared: false, relaxed: false })]
  const relaxed = await openOurs(samples, weights, { isShared: true, relaxed: true })
  const theirs = [await openTheirs(subject, samples, ours[0].cores), await openTheirs(subject, samples, 1)]
  const contenders = [...ours, relaxed, ...theirs].filter((contender) => contender !== null)
  const runs = await inRounds(contenders, rounds ?? ROUNDS)
  for (const contender of contenders) contender.close()
  runs.forEach((found, i) => found.length > 0 && console.log(`  ${describe(found, contenders[i])}`))
  const [all, one, fused, scipyAll = [], scipyOne = []] = runs
  if (contenders.length > 3 && scipyAll.length === 0) console.log('  SciPy is not installed (Debian: apt-get install python3-scipy): its ratios are left out.')
  if (scipyAll.length === 0) return []
  const best = fastestOf([scipyAll, scipyOne])
  return [
    compare('top20-vs-scipy', all, scipyAll, null),
    compare('top20-vs-scipy-one-thread', one, scipyOne, null),
    compare('top20-bit-exact-vs-scipy-best', fastestOf([all, one]), best, null),
    compare('top20-best-vs-scipy-best', fastestOf([all, one, fused]), best, atLeast(1)),
  ]
}

/** Weights after a short training. */
async function trained(samples: Samples): Promise<Float32Array> {
  const engine = await createWasmEngine()
  const { trainer, hessian } = await openBench(engine, samples)
  while (trainer.position.epoch < EPOCHS) await trainer.advance(1000)
  const weights = Float32Array.from(await engine.read(trainer.weights))
  hessian.dispose()
  engine.dispose()
  return weights
}

async function openOurs(samples: Samples, state: Float32Array, { isShared, relaxed }: { readonly isShared: boolean; readonly relaxed: boolean }): Promise<Contender> {
  const engine = await createWasmEngine({ relaxed })
  const data = uploadData(engine, samples.images, samples.labels, network.inputSize, 'bench')
  const weights = engine.allocate('float', state.length, 'weights')
  engine.write(weights, state)
  const selection = selectParameters(network, 'all')
  const { operator, cores, dismiss } = isShared
    ? await openSharedCurvature(engine, network, weights, data, selection)
    : await openAlone(engine, weights, data, selection)
  const close = (): void => {
    dismiss()
    engine.dispose()
  }
  return { cores, name: engine.info.label, find: () => findOurs(operator), close }
}

async function openAlone(engine: Engine, weights: BufferHandle, data: ResidentData, selection: SelectedParameters): Promise<SharedCurvature> {
  const operator = await Curvature.create(engine, network, weights, data, selection, { matrix: 'hessian', weightDecay: 0 })
  return { operator, cores: 1, dismiss: () => operator.dispose() }
}

async function openTheirs(subject: Subject, samples: Samples, threads: number): Promise<Contender | null> {
  const torch = await openTorch(threads)
  if (torch === null) return null
  const network = await torch.open(subject, samples)
  const find = async (): Promise<Found | null> => {
    const found = await network.eigenpairs(EIGENPAIRS, TOLERANCE)
    return found && { ...found, worst: Math.max(...found.residuals) / found.eigenvalues[0], text: `version ${found.version}` }
  }
  return { cores: threads, name: 'SciPy with PyTorch', find, close: () => torch.close() }
}

/** Every round of every contender, in turns. */
async function inRounds(contenders: readonly Contender[], rounds: number): Promise<readonly (readonly Found[])[]> {
  const runs: Found[][] = contenders.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const found = await contender.find()
      if (found !== null) runs[i].push(found)
    }
  }
  return runs
}

function compare(name: string, ours: readonly Found[], theirs: readonly Found[], aim: Aim | null): Ratio {
  const [own, foreign] = [fastest(ours), fastest(theirs)]
  const quotients = ours.map(({ milliseconds }, round) => theirs[round].milliseconds / milliseconds).sort((a, b) => a - b)
  const apart = Array.from(own.eigenvalues).reduce((most, value, i) => Math.max(most, Math.abs(value - foreign.eigenvalues[i])), 0) / own.eigenvalues[0]
  const range = `round by round ${quotients[0].toPrecision(3)} to ${quotients[quotients.length - 1].toPrecision(3)}, median ${quotients[quotients.length >> 1].toPrecision(3)}`
  const text = `${formatTime(own.milliseconds)} against ${formatTime(foreign.milliseconds)}, ${range}; eigenvalues differ by ${apart.toExponential(1)} of λ₁`
  return ratio(name, foreign.milliseconds / own.milliseconds, text, aim)
}

async function findOurs(operator: CurvatureOperator): Promise<Found> {
  const watched = watchProducts(operator)
  const start = performance.now()
  const openRows = await openWasmRows(operator.size, MOST_PRODUCTS + 1)
  const linearising = await timed(() => operator.linearise())
  const pairs = await lanczosEigenpairs(watched.operator, { largest: EIGENPAIRS, maxProducts: MOST_PRODUCTS, tolerance: TOLERANCE, random: createRandom(1, 'bench'), openRows })
  const milliseconds = performance.now() - start
  const rest = milliseconds - linearising - watched.milliseconds
  const { eigenvalues, eigenvectors, products } = pairs
  let worst = 0
  const verifying = await timed(async () => {
    for (let i = 0; i < EIGENPAIRS; i++) worst = Math.max(worst, await residual(operator, eigenvalues[i], eigenvectors.slice(i * operator.size, (i + 1) * operator.size)))
  })
  const text = `linearisation ${formatTime(linearising)}, products ${formatTime(watched.milliseconds)}, orthogonalisation and vectors ${formatTime(rest)}; residuals by products afterwards ${formatTime(verifying)}`
  return { milliseconds, products, eigenvalues, worst: worst / eigenvalues[0], text }
}

async function residual(operator: CurvatureOperator, value: number, v: Float64Array): Promise<number> {
  const y = space.zeros(v.length)
  await operator.apply(v, y)
  space.axpy(-value, v, y)
  return space.norm(y)
}

function fastest(runs: readonly Found[]): Found {
  return runs.reduce((best, run) => (run.milliseconds < best.milliseconds ? run : best))
}

/** The runs of the side that has the fastest one. */
function fastestOf(sides: readonly (readonly Found[])[]): readonly Found[] {
  return sides.reduce((best, side) => (fastest(side).milliseconds < fastest(best).milliseconds ? side : best))
}

function describe(runs: readonly Found[], { cores, name }: Contender): string {
  const { milliseconds, products, worst, text } = fastest(runs)
  const median = runs.map((run) => run.milliseconds).sort((a, b) => a - b)[runs.length >> 1]
  return `${name}, ${cores} core${cores === 1 ? '' : 's'}: ${formatTime(milliseconds)} (median ${formatTime(median)}), ${products} products, worst residual ${worst.toExponential(1)} of λ₁ (${text})`
}
