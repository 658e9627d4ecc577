import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createWasmEngine } from '../workers/engine/wasm/wasm-engine.ts'
import { fastest, ratio, type Ratio } from './lib/measure.ts'
import { network, openBench, SAMPLES, STEPS, syntheticSamples } from './lib/mlp50.ts'

const PYTHON = ['/usr/bin/python3', 'python3']
interface TorchTimes {
  readonly step: number
  readonly gradient: number
  readonly product: number
  readonly version: string
}

/** The CPU engine against PyTorch on one thread, where a Python with PyTorch is installed. */
export async function benchTorch(): Promise<readonly Ratio[]> {
  const torch = runTorch()
  if (torch === null) {
    console.log('PyTorch is not installed (Debian: apt-get install python3-torch): comparison left out.')
    return []
  }
  const { trainer, hessian } = await openBench(await createWasmEngine(), syntheticSamples(SAMPLES))
  await trainer.advance(STEPS)
  const step = (await fastest(10, () => trainer.advance(STEPS))) / STEPS
  const gradient = await fastest(15, () => hessian.linearise())
  const v = Float64Array.from({ length: network.parameterCount }, (_, i) => Math.sin(i))
  const product = await fastest(15, () => hessian.apply(v, new Float64Array(network.parameterCount)))
  const milliseconds = (value: number): string => `${value.toFixed(2)} ms`
  return [
    ratio('cpu-step-vs-pytorch', torch.step / step, `SGD step: ${milliseconds(step)}, PyTorch ${torch.version} ${milliseconds(torch.step)}`),
    ratio('cpu-gradient-vs-pytorch', torch.gradient / gradient, `gradient: ${milliseconds(gradient)}, PyTorch ${milliseconds(torch.gradient)}`),
    ratio('cpu-hvp-vs-pytorch', torch.product / product, `product: ${milliseconds(product)}, PyTorch ${milliseconds(torch.product)}`),
  ]
}

function runTorch(): TorchTimes | null {
  const script = fileURLToPath(new URL('mlp50_pytorch.py', import.meta.url))
  for (const python of PYTHON) {
    const { status, stdout } = spawnSync(python, [script], { encoding: 'utf8' })
    if (status === 0) return JSON.parse(stdout) as TorchTimes
  }
  return null
}
