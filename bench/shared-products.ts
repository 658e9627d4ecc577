import { createWasmEngine } from '../workers/engine/wasm/wasm-engine.ts'
import { uploadData } from '../workers/networks/resident-data.ts'
import { selectParameters } from '../workers/networks/selection.ts'
import { Curvature } from '../workers/operators/curvature.ts'
import { nodeThreads } from '../workers/parallel/node/threads.ts'
import { atLeast, formatTime, inTurns, ratio, timed, type BenchOptions, type Ratio } from './lib/measure.ts'
import { syntheticSamples } from './lib/samples.ts'
import { openSharedCurvature } from './lib/shared-curvature.ts'
import { reportMachine } from './lib/spin.ts'
import { isWanted, subjectOf, type SubjectName } from './lib/subjects.ts'

const NAMES: readonly SubjectName[] = ['mlp50', 'mlp256']
const SIZES = [2000, 10_000]
const ROUNDS = 12
const PRODUCTS = 5

/** Products with the Hessian of all parameters on one thread and on every core: times faster, per core. */
export async function benchSharedProducts({ rounds, networks, sizes }: BenchOptions): Promise<readonly Ratio[]> {
  await reportMachine(nodeThreads.cores, rounds ?? ROUNDS)
  const ratios: Ratio[] = []
  for (const name of NAMES.filter((wanted) => isWanted(wanted, networks))) {
    for (const samples of sizes ?? SIZES) ratios.push(...(await compare(name, samples, rounds ?? ROUNDS)))
  }
  return ratios
}

async function compare(name: SubjectName, samples: number, rounds: number): Promise<readonly Ratio[]> {
  const { network, weights: state } = subjectOf(name)
  const engine = await createWasmEngine()
  const { images, labels } = syntheticSamples(samples, network.inputSize)
  const data = uploadData(engine, images, labels, network.inputSize, 'bench')
  const weights = engine.allocate('float', network.stateLength, 'weights')
  engine.write(weights, state)
  const selection = selectParameters(network, 'all')
  const alone = await Curvature.create(engine, network, weights, data, selection, { matrix: 'hessian', weightDecay: 0 })
  await alone.linearise()
  const { operator, cores, dismiss } = await openSharedCurvature(engine, network, weights, data, selection)
  const x = Float64Array.from({ length: selection.size }, (_, i) => Math.sin(i))
  const results = [alone, operator].map(() => new Float64Array(selection.size))
  const contenders = [alone, operator].map((matrix, which) => async (): Promise<number> => {
    const time = await timed(async () => {
      for (let i = 0; i < PRODUCTS; i++) await matrix.apply(x, results[which])
    })
    return time / PRODUCTS
  })
  const [one, all] = await inTurns(rounds, contenders)
  const isEqual = results[0].every((value, i) => value === results[1][i])
  dismiss()
  engine.dispose()
  if (cores === 1) {
    console.log(`  ${name}, ${samples} samples: nothing to share on this machine.`)
    return []
  }
  const text = `${network.description}, ${samples} samples: ${formatTime(one)} on one core, ${formatTime(all)} on ${cores}, ${(one / all).toFixed(2)} times faster, ${isEqual ? 'the same bits' : 'other bits'}`
  return [ratio(`shared-products-${name}-${samples}-per-core-of-${cores}`, one / all / cores, text, atLeast(0.8))]
}
