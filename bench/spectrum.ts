import { openNodeData } from './lib/mnist.ts'
import { createWasmEngine } from '../workers/engine/wasm/wasm-engine.ts'
import { openWasmRows } from '../workers/linalg/rows/wasm-rows.ts'
import { lanczosEigenpairs } from '../workers/numerics/lanczos.ts'
import { createRandom } from '../workers/numerics/random.ts'
import { atMost, ratio, type Ratio } from './lib/measure.ts'
import { openBench, SAMPLES } from './lib/mlp50.ts'

const EIGENPAIRS = 20
const EPOCHS = 3
const MOST_PRODUCTS = 200
const TOLERANCE = 1e-4

/** Top-20 eigenpairs of all 42,310 parameters of a trained MLP 50 on 2,000 samples of MNIST. */
export async function benchSpectrum(): Promise<readonly Ratio[]> {
  const { trainer, hessian } = await openBench(await createWasmEngine(), await openNodeData(SAMPLES))
  while (trainer.position.epoch < EPOCHS) await trainer.advance(1000)
  const start = performance.now()
  await hessian.linearise()
  const pairs = await lanczosEigenpairs(hessian, {
    largest: EIGENPAIRS,
    smallest: 0,
    maxProducts: MOST_PRODUCTS,
    tolerance: TOLERANCE,
    random: createRandom(1, 'bench'),
    openRows: await openWasmRows(hessian.size, MOST_PRODUCTS + 1),
  })
  const seconds = (performance.now() - start) / 1000
  const worst = pairs.residuals.reduce((largest, residual) => Math.max(largest, residual), 0) / pairs.eigenvalues[0]
  return [
    ratio('top20-products', pairs.products, `worst residual ${worst.toExponential(1)} of λ₁ after ${pairs.products} products, ${seconds.toFixed(2)} s (${pairs.outcome})`, atMost(80)),
    ratio('top20-worst-residual', worst, 'of λ₁', atMost(TOLERANCE)),
  ]
}
