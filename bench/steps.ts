import * as tf from '@tensorflow/tfjs'
import { createWasmEngine } from '../workers/engine/wasm/wasm-engine.ts'
import { disagreement, openOwn, type Contender } from './lib/contender.ts'
import { atLeast, formatTime, inTurns, ratio, type Aim, type BenchOptions, type Ratio } from './lib/measure.ts'
import { syntheticSamples } from './lib/samples.ts'
import { isWanted, subjectOf, type Subject, type SubjectName } from './lib/subjects.ts'
import { openTfjsNetwork } from './lib/tfjs-network.ts'
import { useTfjsWasm } from './lib/tfjs-wasm.ts'
import { openTorch, type Torch } from './lib/torch.ts'

interface Row {
  readonly name: SubjectName
  /** Smaller than in the preset where a baseline would take many seconds for a step. */
  readonly batch: number
  /** Steps of a round: few, since short rounds find the moments in which a shared machine is free. */
  readonly steps: number
  readonly rounds: number
  /** Bounds of the issue, for the networks that have one. */
  readonly vsTorch: Aim | null
  readonly vsTfjs: Aim | null
}

const ROWS: readonly Row[] = [
  { name: 'mlp50', batch: 32, steps: 20, rounds: 40, vsTorch: null, vsTfjs: null },
  { name: 'mlp256', batch: 32, steps: 4, rounds: 40, vsTorch: atLeast(1), vsTfjs: atLeast(3) },
  { name: 'lenet', batch: 64, steps: 1, rounds: 40, vsTorch: atLeast(1), vsTfjs: atLeast(3) },
  { name: 'miniAlexNet', batch: 8, steps: 1, rounds: 12, vsTorch: null, vsTfjs: null },
  { name: 'resnet20', batch: 16, steps: 1, rounds: 8, vsTorch: null, vsTfjs: null },
]

const AGREEMENT_STEPS = 3

/** The WASM engine's training steps of every network against PyTorch on one thread and tfjs-wasm with its gaps filled. */
export async function benchSteps({ rounds, networks }: BenchOptions): Promise<readonly Ratio[]> {
  const torch = await openTorch()
  await useTfjsWasm()
  const ratios: Ratio[] = []
  for (const row of ROWS.filter(({ name }) => isWanted(name, networks))) {
    if (row.name === 'lenet') await reportPatches()
    ratios.push(...(await compare({ ...row, rounds: rounds ?? row.rounds }, torch)))
  }
  torch?.close()
  return ratios
}

async function compare({ name, batch, steps, rounds, vsTorch, vsTfjs }: Row, torch: Torch | null): Promise<readonly Ratio[]> {
  const subject = subjectOf(name, batch)
  const samples = syntheticSamples(steps * batch, subject.network.inputSize)
  const engines = [await createWasmEngine(), await createWasmEngine({ relaxed: true })]
  const [plain, relaxed] = [await openOwn(engines[0], subject, samples), await openOwn(engines[1], subject, samples)]
  const tfjs = openTfjsNetwork(subject, samples)
  const contenders: Contender[] = [plain, relaxed, tfjs]
  if (torch !== null) contenders.push(await torch.open(subject, samples))
  await reportAgreement(subject, contenders)
  const [own, fast, theirs, pytorch = NaN] = await inTurns(rounds, contenders.map((contender) => () => contender.measure()))
  contenders.forEach((contender) => contender.dispose())
  engines.forEach((engine) => engine.dispose())
  const step = `${subject.network.description}, batch ${batch}: ${formatTime(own)}`
  return [
    ratio(`steps-${name}-vs-tfjs-wasm`, theirs / own, `${step}, tfjs-wasm minimize ${formatTime(theirs)}`, vsTfjs),
    ...(torch === null ? [] : [ratio(`steps-${name}-vs-pytorch`, pytorch / own, `${step}, PyTorch ${formatTime(pytorch)}`, vsTorch)]),
    ratio(`steps-${name}-relaxed`, own / fast, `${engines[1].info.label}: ${formatTime(fast)}`),
  ]
}

/** Equal work gives equal losses, step after step: what is compared is printed. */
async function reportAgreement({ name }: Subject, contenders: readonly Contender[]): Promise<void> {
  const losses: (readonly number[])[] = []
  for (const contender of contenders) losses.push(await contender.losses(AGREEMENT_STEPS))
  const text = losses[0].map((loss) => loss.toFixed(4)).join(', ')
  console.log(`  ${name}: losses of the first steps ${text}; contenders differ by ${disagreement(losses).toExponential(1)} at most`)
}

/** The patched backend must be right before it may lose: its LeNet gradient against that of tfjs-cpu. */
async function reportPatches(): Promise<void> {
  const subject = subjectOf('lenet', 2)
  const samples = syntheticSamples(2, subject.network.inputSize)
  const gradientOf = async (): Promise<readonly number[]> => {
    const network = openTfjsNetwork(subject, samples)
    const gradient = await network.gradient()
    network.dispose()
    return gradient
  }
  const patched = await gradientOf()
  await tf.setBackend('cpu')
  const expected = await gradientOf()
  await useTfjsWasm()
  const length = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0))
  const distance = length(patched.map((value, i) => value - expected[i])) / length(expected)
  console.log(`  lenet: gradient of patched tfjs-wasm differs from tfjs-cpu by ${distance.toExponential(1)} of its length`)
}
