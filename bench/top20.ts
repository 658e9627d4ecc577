import { createWasmEngine } from '../workers/engine/wasm/wasm-engine.ts'
import { selectParameters } from '../workers/networks/selection.ts'
import { lanczosEigenpairs } from '../workers/numerics/lanczos.ts'
import { createRandom } from '../workers/numerics/random.ts'
import { float64Space as space } from '../workers/numerics/vector-space.ts'
import type { CurvatureOperator } from '../workers/operators/curvature.ts'
import { atLeast, formatTime, ratio, timed, type BenchOptions, type Ratio } from './lib/measure.ts'
import { openNodeData } from './lib/mnist.ts'
import { network, openBench, SAMPLES } from './lib/mlp50.ts'
import { openSharedCurvature } from './lib/shared-curvature.ts'
import { subjectOf } from './lib/subjects.ts'
import { openTorch } from './lib/torch.ts'

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

interface Solver {
  readonly name: string
  readonly cores: number
  find(): Promise<Found>
}

/**
 * Top-20 eigenpairs of all 42,310 parameters of a trained MLP 50 on 2,000 samples of MNIST,
 * linearisation included: our Lanczos against SciPy's `eigsh` with products by PyTorch, on all cores and on one.
 */
export async function benchTop20({ rounds }: BenchOptions): Promise<readonly Ratio[]> {
  const engine = await createWasmEngine()
  const samples = await openNodeData(SAMPLES)
  const { trainer, data, hessian } = await openBench(engine, samples)
  while (trainer.position.epoch < EPOCHS) await trainer.advance(1000)
  const shared = await openSharedCurvature(engine, network, trainer.weights, data, selectParameters(network, 'all'))
  const subject = { ...subjectOf('mlp50'), weights: Float32Array.from(await engine.read(trainer.weights)) }
  const ours: readonly Solver[] = [
    { name: 'top20-vs-scipy', cores: shared.cores, find: () => findOurs(shared.operator) },
    { name: 'top20-vs-scipy-one-thread', cores: 1, find: () => findOurs(hessian) },
  ]
  const ratios: Ratio[] = []
  for (const solver of ours) {
    const torch = await openTorch(solver.cores)
    if (torch === null) {
      console.log(`  ${describe(await solver.find(), solver)}`)
      continue
    }
    const theirs = await torch.open(subject, samples)
    const find = async (): Promise<Found | null> => {
      const found = await theirs.eigenpairs(EIGENPAIRS, TOLERANCE)
      return found && { ...found, worst: Math.max(...found.residuals) / found.eigenvalues[0], text: `SciPy ${found.version}` }
    }
    ratios.push(...(await compare(solver, find, rounds ?? ROUNDS)))
    torch.close()
  }
  shared.dismiss()
  engine.dispose()
  return ratios
}

async function compare(solver: Solver, theirs: () => Promise<Found | null>, rounds: number): Promise<readonly Ratio[]> {
  const runs: { readonly own: Found; readonly foreign: Found }[] = []
  for (let round = 0; round < rounds; round++) {
    const [own, foreign] = [await solver.find(), await theirs()]
    if (foreign === null) {
      console.log(`  SciPy is not installed (Debian: apt-get install python3-scipy): its ratios are left out. ${describe(own, solver)}`)
      return []
    }
    runs.push({ own, foreign })
  }
  const own = fastestOf(runs.map((run) => run.own))
  const foreign = fastestOf(runs.map((run) => run.foreign))
  const quotients = runs.map((run) => run.foreign.milliseconds / run.own.milliseconds).sort((a, b) => a - b)
  console.log(`  ${describe(own, solver)}`)
  console.log(`  ${describe(foreign, solver)}`)
  const apart = Array.from(own.eigenvalues).reduce((most, value, i) => Math.max(most, Math.abs(value - foreign.eigenvalues[i])), 0) / own.eigenvalues[0]
  const range = `${quotients[0].toPrecision(3)} to ${quotients[rounds - 1].toPrecision(3)} in ${rounds} rounds, median ${quotients[rounds >> 1].toPrecision(3)}`
  const text = `${formatTime(own.milliseconds)} against ${formatTime(foreign.milliseconds)}, ${range}; eigenvalues differ by ${apart.toExponential(1)} of λ₁`
  return [ratio(solver.name, foreign.milliseconds / own.milliseconds, text, atLeast(1))]
}

async function findOurs(operator: CurvatureOperator): Promise<Found> {
  const time = { products: 0, all: 0 }
  const watched = {
    size: operator.size,
    symmetric: true,
    apply: async (x: Float64Array, y: Float64Array) => {
      time.products += await timed(() => operator.apply(x, y))
    },
  }
  const start = performance.now()
  const linearising = await timed(() => operator.linearise())
  const pairs = await lanczosEigenpairs(watched, { largest: EIGENPAIRS, maxProducts: MOST_PRODUCTS, tolerance: TOLERANCE, random: createRandom(1, 'bench') })
  const milliseconds = performance.now() - start
  const rest = milliseconds - linearising - time.products
  const { eigenvalues, eigenvectors, products } = pairs
  let worst = 0
  const verifying = await timed(async () => {
    for (let i = 0; i < EIGENPAIRS; i++) worst = Math.max(worst, await residual(operator, eigenvalues[i], eigenvectors.slice(i * operator.size, (i + 1) * operator.size)))
  })
  const text = `linearisation ${formatTime(linearising)}, products ${formatTime(time.products)}, orthogonalisation and vectors ${formatTime(rest)}; residuals by products afterwards ${formatTime(verifying)}`
  return { milliseconds, products, eigenvalues, worst: worst / eigenvalues[0], text }
}

async function residual(operator: CurvatureOperator, value: number, v: Float64Array): Promise<number> {
  const y = space.zeros(v.length)
  await operator.apply(v, y)
  space.axpy(-value, v, y)
  return space.norm(y)
}

function fastestOf(runs: readonly Found[]): Found {
  return runs.reduce((best, run) => (run.milliseconds < best.milliseconds ? run : best))
}

function describe({ milliseconds, products, worst, text }: Found, { cores }: Solver): string {
  return `${cores} core${cores === 1 ? '' : 's'}: ${formatTime(milliseconds)}, ${products} products, worst residual ${worst.toExponential(1)} of λ₁ (${text})`
}
