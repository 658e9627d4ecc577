import { createWasmEngine } from '../workers/engine/wasm/wasm-engine.ts'
import { atLeast, formatTime, inTurns, ratio, timed, type BenchOptions, type Ratio } from './lib/measure.ts'
import { network, openBench, SAMPLES, STEPS, syntheticSamples } from './lib/mlp50.ts'
import { subjectOf } from './lib/subjects.ts'
import { openTorch } from './lib/torch.ts'

/** The CPU engine against PyTorch on one thread, where a Python with PyTorch is installed: step, gradient and product of MLP 50. */
export async function benchTorch({ rounds }: BenchOptions): Promise<readonly Ratio[]> {
  const torch = await openTorch()
  if (torch === null) return []
  const samples = syntheticSamples(SAMPLES)
  const { trainer, hessian } = await openBench(await createWasmEngine(), samples)
  const theirs = await torch.open(subjectOf('mlp50'), samples)
  const v = Float64Array.from({ length: network.parameterCount }, (_, i) => Math.sin(i))
  const y = new Float64Array(network.parameterCount)
  const step = async (): Promise<number> => (await timed(() => trainer.advance(STEPS))) / STEPS
  const compare = async (name: string, what: string, mine: () => Promise<number>, other: () => Promise<number>): Promise<Ratio> => {
    const [own, foreign] = await inTurns(rounds ?? 12, [mine, other])
    return ratio(name, foreign / own, `${what}: ${formatTime(own)}, PyTorch ${formatTime(foreign)}`, atLeast(1))
  }
  const ratios = [
    await compare('cpu-step-vs-pytorch', 'SGD step', step, () => theirs.measure()),
    await compare('cpu-gradient-vs-pytorch', 'gradient', () => timed(() => hessian.linearise()), () => theirs.gradient()),
    await compare('cpu-hvp-vs-pytorch', 'product', () => timed(() => hessian.apply(v, y)), () => theirs.product()),
  ]
  torch.close()
  return ratios
}
