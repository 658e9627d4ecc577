import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { createWasmEngine } from '../workers/engine/wasm/wasm-engine.ts'
import { alternately, atLeast, atMost, ratio, type Ratio } from './lib/measure.ts'
import { network, openBench, SAMPLES, STEPS, syntheticSamples } from './lib/mlp50.ts'
import { openTfjsMlp } from './lib/tfjs-mlp.ts'

/** The WASM engine against tfjs-wasm, and Hessian-vector products against gradients. */
export async function benchCpu(): Promise<readonly Ratio[]> {
  const samples = syntheticSamples(SAMPLES)
  const { trainer, hessian } = await openBench(await createWasmEngine(), samples)
  const fastEngine = await createWasmEngine({ relaxed: true })
  const relaxed = await openBench(fastEngine, samples)
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/wasm-out/`)
  await tf.setBackend('wasm')
  const tfjs = await openTfjsMlp(samples)
  const [ours, theirs] = await alternately(8, () => trainer.advance(STEPS), () => tfjs.run(STEPS))
  const [fast] = await alternately(8, () => relaxed.trainer.advance(STEPS), () => undefined)
  const v = Float64Array.from({ length: network.parameterCount }, (_, i) => Math.sin(i))
  const y = new Float64Array(network.parameterCount)
  const [gradient, product] = await alternately(12, () => hessian.linearise(), () => hessian.apply(v, y))
  return [
    ratio('cpu-step-vs-tfjs-wasm', theirs / ours, `SGD step, batch 32: ${(ours / STEPS).toFixed(3)} ms, tfjs-wasm minimize ${(theirs / STEPS).toFixed(3)} ms`, atLeast(8)),
    ratio('cpu-relaxed-step-vs-tfjs-wasm', theirs / fast, `the same on ${fastEngine.info.label}: ${(fast / STEPS).toFixed(3)} ms`),
    ratio('cpu-hvp-per-gradient', product / gradient, `N = ${SAMPLES}: product ${product.toFixed(1)} ms, gradient ${gradient.toFixed(1)} ms`, atMost(1.3)),
  ]
}
