import { createWasmEngine } from '../workers/engine/wasm/wasm-engine.ts'
import type { Network } from '../workers/networks/network.ts'
import { uploadData } from '../workers/networks/resident-data.ts'
import { Evaluation } from '../workers/operators/evaluation.ts'
import { Crew } from '../workers/parallel/crew.ts'
import { nodeThreads } from '../workers/parallel/node/threads.ts'
import { helperCount } from '../workers/parallel/open-evaluation.ts'
import { ParallelEvaluation, type ParallelEvaluationOptions } from '../workers/parallel/parallel-evaluation.ts'
import { atLeast, formatTime, inTurns, ratio, timed, type BenchOptions, type Ratio } from './lib/measure.ts'
import { syntheticSamples } from './lib/samples.ts'
import { reportMachine } from './lib/spin.ts'
import { isWanted, subjectOf, type SubjectName } from './lib/subjects.ts'

const NAMES: readonly SubjectName[] = ['lenet', 'mlp256']
const IMAGES = 10_000
const ROUNDS = 12
const AIM = atLeast(0.8)

/** Evaluations within which every helper must have its share. */
const LONGEST_START = 50

/**
 * Evaluation of 10,000 images of 32×32×3 on one core, two and more: times faster, per core. What the machine itself
 * gives is measured beside it: two hardware threads of one core, or cores that others use, are not two cores.
 */
export async function benchEvaluation({ rounds, networks }: BenchOptions): Promise<readonly Ratio[]> {
  await reportMachine(nodeThreads.cores, rounds ?? ROUNDS)
  const ratios: Ratio[] = []
  for (const name of NAMES) if (isWanted(name, networks)) ratios.push(...(await compare(name, rounds ?? ROUNDS)))
  return ratios
}

async function compare(name: SubjectName, rounds: number): Promise<readonly Ratio[]> {
  const { network, weights: state } = subjectOf(name)
  const engine = await createWasmEngine()
  const { images, labels } = syntheticSamples(IMAGES, network.inputSize)
  const data = uploadData(engine, images, labels, network.inputSize, 'bench')
  const weights = engine.allocate('float', network.stateLength, 'weights')
  engine.write(weights, state)
  const alone = await Evaluation.create(engine, network, weights, data)
  const most = helperCount(engine, network, IMAGES, nodeThreads.cores)
  if (most === 0) console.log(`  ${name}: this machine has one core, so there is nothing to share.`)
  const teams: Team[] = []
  for (const helpers of upTo(most)) teams.push(await openTeam({ engine, network, weights, data }, helpers))
  const [one, ...times] = await inTurns(rounds, [alone, ...teams].map((evaluation) => () => timed(() => evaluation.evaluate())))
  teams.forEach((team) => team.dismiss())
  engine.dispose()
  return teams.map(({ cores }, i) => describe(name, network, cores, one, times[i]))
}

function describe(name: SubjectName, { description }: Network, cores: number, one: number, all: number): Ratio {
  const text = `${description}: ${formatTime(one)} on one core, ${formatTime(all)} on ${cores}, ${(one / all).toFixed(2)} times faster`
  return ratio(`evaluation-${name}-per-core-of-${cores}`, one / all / cores, text, AIM)
}

interface Team {
  readonly cores: number
  evaluate(): Promise<unknown>
  dismiss(): void
}

/** The main thread with helpers, when all of them hold their share. */
async function openTeam(options: Omit<ParallelEvaluationOptions, 'crew'>, helpers: number): Promise<Team> {
  const crew = new Crew(helpers, () => nodeThreads.start(), (reason) => console.log(`  A helper failed: ${reason}`))
  const evaluation = await ParallelEvaluation.create({ ...options, crew })
  for (let i = 0; i < LONGEST_START && evaluation.helpersReady < helpers; i++) await evaluation.evaluate()
  if (evaluation.helpersReady < helpers) console.log(`  Only ${evaluation.helpersReady} of ${helpers} helpers work.`)
  return { cores: helpers + 1, evaluate: () => evaluation.evaluate(), dismiss: () => crew.dispose() }
}

/** 1, 2, 3 and then every other number up to the last. */
function upTo(most: number): readonly number[] {
  return Array.from({ length: most }, (_, i) => i + 1).filter((helpers) => helpers <= 3 || helpers === most || helpers % 2 === 1)
}
