import { createWasmEngine } from '../workers/engine/wasm/wasm-engine.ts'
import { openWasmRows } from '../workers/linalg/rows/wasm-rows.ts'
import { selectParameters } from '../workers/networks/selection.ts'
import { createRandom } from '../workers/numerics/random.ts'
import { comfortableBasis, restartedLanczos, restartedRows } from '../workers/numerics/restarted/restarted-lanczos.ts'
import { atMost, formatTime, ratio, type BenchOptions, type Ratio } from './lib/measure.ts'
import { openNodeData } from './lib/mnist.ts'
import { network, openBench, SAMPLES } from './lib/mlp50.ts'
import { openSharedCurvature } from './lib/shared-curvature.ts'
import { watchProducts } from './lib/watched-products.ts'

const [FEW, MANY] = [200, 1000]
const EPOCHS = 3
const MOST_PRODUCTS = 100_000
const TOLERANCE = 1e-4
const BUDGET = 2e9

/** Many of the largest eigenpairs of all 42,310 parameters of a trained MLP 50 on 2,000 samples of MNIST, by restarted Lanczos. */
export async function benchPairs({ isFull }: BenchOptions): Promise<readonly Ratio[]> {
  const wanted = isFull ? MANY : FEW
  const engine = await createWasmEngine()
  const { trainer, data } = await openBench(engine, await openNodeData(SAMPLES))
  while (trainer.position.epoch < EPOCHS) await trainer.advance(1000)
  const { operator, cores, dismiss } = await openSharedCurvature(engine, network, trainer.weights, data, selectParameters(network, 'all'))
  await operator.linearise()
  const watched = watchProducts(operator)
  const start = performance.now()
  const { eigenvalues, residuals, products, cycles, bytes, steps, outcome } = await restartedLanczos(watched.operator, {
    largest: wanted,
    maxProducts: MOST_PRODUCTS,
    tolerance: TOLERANCE,
    memoryBytes: BUDGET,
    random: createRandom(1, 'bench'),
    openRows: await openWasmRows(operator.size, restartedRows(wanted, comfortableBasis(operator.size, wanted))),
  })
  const milliseconds = performance.now() - start
  dismiss()
  engine.dispose()
  const worst = residuals.reduce((largest, residual) => Math.max(largest, residual), 0) / eigenvalues[0]
  console.log(
    `  ${wanted} pairs in ${formatTime(milliseconds)} on ${cores} cores: ${products} products (${formatTime(watched.milliseconds)}), ${cycles} restarts of ${steps} vectors, ` +
      `λ from ${eigenvalues[0].toPrecision(4)} to ${eigenvalues[wanted - 1].toPrecision(3)} (${outcome})`,
  )
  return [
    ratio(`pairs-${wanted}-worst-residual`, worst, 'of λ₁, bounds by the recurrence', atMost(TOLERANCE)),
    ratio(`pairs-${wanted}-memory-vs-budget`, bytes / BUDGET, `${Math.round(bytes / 1e6)} MB of ${Math.round(BUDGET / 1e6)} MB`, atMost(1)),
    ratio(`pairs-${wanted}-products-per-pair`, products / wanted, `${products} products`, null),
  ]
}
