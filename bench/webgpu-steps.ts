import { openNodeGpu } from '../workers/cli/node-gpu.ts'
import { tune } from '../workers/engine/webgpu/autotune.ts'
import { openDevice } from '../workers/engine/webgpu/device.ts'
import { openTfjs } from '../workers/engine/webgpu/tfjs-device.ts'
import { createWebGpuEngine, type WebGpuEngine } from '../workers/engine/webgpu/webgpu-engine.ts'
import { disagreement, openOwn } from './lib/contender.ts'
import { countDispatches } from './lib/dispatches.ts'
import { atLeast, formatTime, inTurns, ratio, type BenchOptions, type Ratio } from './lib/measure.ts'
import { syntheticSamples } from './lib/samples.ts'
import { isWanted, subjectOf, type SubjectName } from './lib/subjects.ts'
import { openTfjsNetwork } from './lib/tfjs-network.ts'

interface Row {
  readonly name: SubjectName
  /** Steps of a round. */
  readonly steps: number
  /** Batch on a software adapter, where that of the preset would take minutes; null for that of the preset. */
  readonly softwareBatch: number | null
}

const ROWS: readonly Row[] = [
  { name: 'mlp50', steps: 20, softwareBatch: null },
  { name: 'mlp256', steps: 4, softwareBatch: null },
  { name: 'lenet', steps: 1, softwareBatch: 16 },
  { name: 'miniAlexNet', steps: 1, softwareBatch: 2 },
  { name: 'resnet20', steps: 1, softwareBatch: 2 },
]

/** On a GPU a round is too short for its clock otherwise. */
const HARDWARE_STEPS = 20
const ROUNDS = 4
const AGREEMENT_STEPS = 3
const AIM = atLeast(8)

/** The WGSL plan of every preset against tfjs-webgpu `minimize` on one device, in Node. */
export async function benchWebGpuSteps({ rounds, networks }: BenchOptions): Promise<readonly Ratio[]> {
  const gpu = await openNodeGpu()
  if (gpu === null) {
    console.log('  No WebGPU adapter in Node (it needs the webgpu package and a Vulkan driver, or a Chromium with SwiftShader). Left out.')
    return []
  }
  // tfjs looks for constants there when it is loaded.
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true })
  const opened = await openDevice(gpu)
  const engine = await createWebGpuEngine(opened, { tuning: await tune(opened) })
  console.log(`  adapter: ${engine.info.label}${engine.info.fallbackAdapter ? ', software: no GPU on this machine' : ''}`)
  const tfjs = await openTfjs(engine)
  const ratios: Ratio[] = []
  for (const row of ROWS.filter(({ name }) => isWanted(name, networks))) ratios.push(await compare(engine, row, rounds ?? ROUNDS))
  tfjs.dispose()
  engine.dispose()
  return ratios
}

async function compare(engine: WebGpuEngine, { name, steps, softwareBatch }: Row, rounds: number): Promise<Ratio> {
  const { fallbackAdapter } = engine.info
  const subject = subjectOf(name, fallbackAdapter ? softwareBatch : null)
  const { batchSize } = subject.training
  const samples = syntheticSamples((fallbackAdapter ? steps : HARDWARE_STEPS) * batchSize, subject.network.inputSize)
  const own = await openOwn(engine, subject, samples)
  const tfjs = openTfjsNetwork(subject, samples)
  const losses = [await own.losses(AGREEMENT_STEPS), await tfjs.losses(AGREEMENT_STEPS - 1)]
  let last: readonly number[] = []
  const theirDispatches = await countDispatches(async () => (last = await tfjs.losses(1)))
  console.log(
    `  ${name}: ${own.dispatches} dispatches per step, compiled in ${own.compileSeconds.toFixed(1)} s; tfjs ${theirDispatches};` +
      ` losses differ by ${disagreement([losses[0], [...losses[1], ...last]]).toExponential(1)} at most`,
  )
  const [ours, theirs] = await inTurns(rounds, [() => own.measure(), () => tfjs.measure()])
  own.dispose()
  tfjs.dispose()
  const text = `${subject.network.description}, batch ${batchSize}: ${formatTime(ours)}, tfjs-webgpu minimize ${formatTime(theirs)}`
  return ratio(`webgpu-steps-${name}`, theirs / ours, text, AIM)
}
