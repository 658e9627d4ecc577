import { createWasmEngine } from '../workers/engine/wasm/wasm-engine.ts'
import { uploadData } from '../workers/networks/resident-data.ts'
import { Evaluation } from '../workers/operators/evaluation.ts'
import { Crew } from '../workers/parallel/crew.ts'
import { nodeThreads } from '../workers/parallel/node/threads.ts'
import { helperCount } from '../workers/parallel/open-evaluation.ts'
import { ParallelEvaluation } from '../workers/parallel/parallel-evaluation.ts'
import { atLeast, inTurns, ratio, timed, type BenchOptions, type Ratio } from './lib/measure.ts'
import { syntheticSamples } from './lib/samples.ts'
import { isWanted, subjectOf, type SubjectName } from './lib/subjects.ts'

const NAMES: readonly SubjectName[] = ['lenet', 'mlp256']
const SAMPLES = 10_000
const ROUNDS = 12

/** Evaluation of 10,000 images on all cores against one thread: times faster, per core. */
export async function benchParallel({ rounds, networks }: BenchOptions): Promise<readonly Ratio[]> {
  const ratios: Ratio[] = []
  for (const name of NAMES) if (isWanted(name, networks)) ratios.push(await measureOne(name, rounds ?? ROUNDS))
  return ratios
}

async function measureOne(name: SubjectName, rounds: number): Promise<Ratio> {
  const { network, weights: state } = subjectOf(name)
  const engine = await createWasmEngine()
  const { images, labels } = syntheticSamples(SAMPLES, network.inputSize)
  const data = uploadData(engine, images, labels, network.inputSize, 'bench')
  const weights = engine.allocate('float', network.stateLength, 'weights')
  engine.write(weights, state)
  const alone = await Evaluation.create(engine, network, weights, data)
  const crew = new Crew(helperCount(engine, network, SAMPLES, nodeThreads.cores), () => nodeThreads.start(), refuse)
  const together = await ParallelEvaluation.create({ engine, network, weights, data, crew })
  while (together.helpersReady < crew.size) await together.evaluate()
  const [one, all] = await inTurns(rounds, [() => timed(() => alone.evaluate()), () => timed(() => together.evaluate())])
  crew.dispose()
  engine.dispose()
  const cores = crew.size + 1
  const text = `${network.description}, ${SAMPLES} images: ${one.toFixed(0)} ms on one thread, ${all.toFixed(0)} ms on ${cores}, ${(one / all).toFixed(2)} times faster`
  return ratio(`evaluation-per-core-${name}`, one / all / cores, text, atLeast(0.8))
}

function refuse(reason: string): never {
  throw new Error(`bench: a helper thread failed: ${reason}`)
}
