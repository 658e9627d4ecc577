import { createWasmEngine } from '../workers/engine/wasm/wasm-engine.ts'
import { openWasmRows } from '../workers/linalg/rows/wasm-rows.ts'
import { uploadData } from '../workers/networks/resident-data.ts'
import { selectParameters } from '../workers/networks/selection.ts'
import { lanczosTridiagonal } from '../workers/numerics/lanczos-process.ts'
import { withRows } from '../workers/numerics/long-rows.ts'
import { createRandom } from '../workers/numerics/random.ts'
import { stochasticLanczosQuadrature } from '../workers/numerics/slq/lanczos-quadrature.ts'
import { Curvature } from '../workers/operators/curvature.ts'
import { atMost, formatTime, inTurns, ratio, timed, type BenchOptions, type Ratio } from './lib/measure.ts'
import { network, SAMPLES, syntheticSamples, weights as state } from './lib/mlp50.ts'
import { openSharedCurvature } from './lib/shared-curvature.ts'
import { watchProducts } from './lib/watched-products.ts'

const SIZES = [500, 1000, 2000, 3000, 5000, 7500, 10_000]
const PRODUCTS = [10, 20, 30, 50, 70, 100]
const ROUNDS = 7
/** Steps of a probe whose number the products of a quadrature are made of. */
const PROBE_STEPS = 10
/** Beyond this a cost that should grow by ten grows by more. */
const AIM = atMost(1.2)

/** How the cost of a product grows with the samples, and that of Lanczos and of a density with the products: MLP 50, all parameters. */
export async function benchLinear({ rounds, sizes }: BenchOptions): Promise<readonly Ratio[]> {
  return [...(await againstSamples(sizes ?? SIZES, rounds ?? ROUNDS)), ...(await againstProducts(rounds ?? ROUNDS))]
}

/** Products on one thread. */
async function againstSamples(sizes: readonly number[], rounds: number): Promise<readonly Ratio[]> {
  const { engine, data, weights, selection } = await open(Math.max(...sizes))
  const x = Float64Array.from({ length: selection.size }, (_, i) => Math.sin(i))
  const y = new Float64Array(selection.size)
  const contenders: (() => Promise<number>)[] = []
  for (const samples of sizes) {
    const hessian = await Curvature.create(engine, network, weights, { ...data, samples }, selection, { matrix: 'hessian', weightDecay: 0 })
    await hessian.linearise()
    contenders.push(() => timed(() => hessian.apply(x, y)))
  }
  const times = await inTurns(rounds, contenders)
  engine.dispose()
  const last = sizes.length - 1
  const growth = growthPerTenfold(sizes, times)
  const text = `product on one thread: ${formatTime(times[0])} at N = ${sizes[0]}, ${formatTime(times[last])} at N = ${sizes[last]}, exponent ${exponent(sizes, times).toFixed(3)}`
  console.log(`  N: time of a product: ${sizes.map((samples, i) => `${samples}: ${formatTime(times[i])}`).join(', ')}`)
  return [ratio('cost-linear-in-n', growth, text, AIM)]
}

/** Iterations on all cores, as the lab runs them. */
async function againstProducts(rounds: number): Promise<readonly Ratio[]> {
  const { engine, data, weights, selection } = await open(SAMPLES)
  const { operator, cores, dismiss } = await openSharedCurvature(engine, network, weights, data, selection)
  const inside = watchProducts(operator)
  const watched = inside.operator
  const openRows = await openWasmRows(watched.size, Math.max(...PRODUCTS) + 1)
  const ways: Readonly<Record<string, (products: number) => Promise<unknown>>> = {
    lanczos: (products) => withRows(openRows, watched.size, (rows) => lanczosTridiagonal(watched, { steps: products, random: createRandom(1, 'bench'), rows })),
    slq: (products) => stochasticLanczosQuadrature(watched, { probes: products / PROBE_STEPS, steps: PROBE_STEPS, random: createRandom(1, 'bench'), openRows }),
  }
  const ratios: Ratio[] = []
  for (const [name, iterate] of Object.entries(ways)) {
    const shares = PRODUCTS.map(() => 1)
    const times = await inTurns(rounds, PRODUCTS.map((products, i) => async () => {
      inside.milliseconds = 0
      const time = await timed(() => iterate(products))
      shares[i] = Math.min(shares[i], 1 - inside.milliseconds / time)
      return time
    }))
    const last = PRODUCTS.length - 1
    const seen = PRODUCTS.map((products, i) => `${products}: ${formatTime(times[i])} (${Math.round(100 * shares[i])} % beside the products)`)
    console.log(`  ${name}, products: time on ${cores} cores: ${seen.join(', ')}`)
    const text = `${name}: ${formatTime(times[0])} for ${PRODUCTS[0]} products, ${formatTime(times[last])} for ${PRODUCTS[last]}, exponent ${exponent(PRODUCTS, times).toFixed(3)}`
    ratios.push(ratio(`cost-linear-in-products-${name}`, growthPerTenfold(PRODUCTS, times), text, AIM))
  }
  dismiss()
  engine.dispose()
  return ratios
}

async function open(samples: number) {
  const engine = await createWasmEngine()
  const { images, labels } = syntheticSamples(samples, network.inputSize)
  const data = uploadData(engine, images, labels, network.inputSize, 'bench')
  const weights = engine.allocate('float', network.stateLength, 'weights')
  engine.write(weights, state)
  return { engine, data, weights, selection: selectParameters(network, 'all') }
}

/** time(10·x) ÷ (10·time(x)) for the largest x of which the tenfold was measured, or last ÷ first, per their sizes, without any. */
function growthPerTenfold(sizes: readonly number[], times: readonly number[]): number {
  const from = Math.max(0, sizes.findLastIndex((size) => sizes.includes(10 * size)))
  const to = sizes.includes(10 * sizes[from]) ? sizes.indexOf(10 * sizes[from]) : sizes.length - 1
  return (times[to] * sizes[from]) / (sizes[to] * times[from])
}

/** Slope of the least-squares line through log time over log size; 1 is linear. */
function exponent(sizes: readonly number[], times: readonly number[]): number {
  const [x, y] = [sizes.map(Math.log), times.map(Math.log)]
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const [mx, my] = [mean(x), mean(y)]
  return mean(x.map((value, i) => (value - mx) * (y[i] - my))) / mean(x.map((value) => (value - mx) ** 2))
}
