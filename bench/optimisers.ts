import type { TrainingSettings } from '../src/contracts/experiment.ts'
import { createWasmEngine } from '../workers/engine/wasm/wasm-engine.ts'
import { openOwn } from './lib/contender.ts'
import { formatTime, inTurns, ratio, type BenchOptions, type Ratio } from './lib/measure.ts'
import { syntheticSamples } from './lib/samples.ts'
import { subjectOf } from './lib/subjects.ts'

const STEPS = 20
const ROUNDS = 40

/** What is measured beside plain SGD, which comes first. */
const OPTIMISERS: Readonly<Record<string, Partial<TrainingSettings>>> = {
  sgd: {},
  momentum: { momentum: 0.9 },
  'sgd-clipped': { clipNorm: 1 },
  nesterov: { optimiser: 'nesterov', momentum: 0.9 },
  adam: { optimiser: 'adam', momentum: 0.9 },
  adamw: { optimiser: 'adamw', momentum: 0.9 },
  rmsprop: { optimiser: 'rmsprop', secondMomentum: 0.9 },
  lion: { optimiser: 'lion', momentum: 0.9, secondMomentum: 0.99 },
}

/** A step of MLP 50 on the WASM engine with every optimiser, as a multiple of the step with plain SGD. */
export async function benchOptimisers({ rounds }: BenchOptions): Promise<readonly Ratio[]> {
  const engine = await createWasmEngine()
  const subject = subjectOf('mlp50')
  const samples = syntheticSamples(STEPS * subject.training.batchSize, subject.network.inputSize)
  const names = Object.keys(OPTIMISERS)
  const contenders = await Promise.all(
    names.map((name) => openOwn(engine, { ...subject, training: { ...subject.training, ...OPTIMISERS[name] } }, samples)),
  )
  for (const contender of contenders) await contender.measure()
  const times = await inTurns(rounds ?? ROUNDS, contenders.map((contender) => () => contender.measure()))
  engine.dispose()
  const [sgd] = times
  return names.slice(1).map((name, i) => {
    const time = times[i + 1]
    return ratio(`optimiser-${name}-vs-sgd`, time / sgd, `step of MLP 50: ${formatTime(time)}, plain SGD ${formatTime(sgd)}`)
  })
}
