import { expose } from 'comlink'
import * as tfjs from '@tensorflow/tfjs'
import { fastest } from '../../bench/lib/measure.ts'
import { network, openBench, SAMPLES, STEPS, syntheticSamples } from '../../bench/lib/mlp50.ts'
import { openTfjsMlp } from '../../bench/lib/tfjs-mlp.ts'
import { conformanceCases, relativeDistance } from '../../workers/engine/conformance.ts'
import type { Engine } from '../../workers/engine/engine.ts'
import { createReferenceEngine } from '../../workers/engine/reference/reference-engine.ts'
import { createWasmEngine } from '../../workers/engine/wasm/wasm-engine.ts'
import { openDevice } from '../../workers/engine/webgpu/device.ts'
import { openTfjs } from '../../workers/engine/webgpu/tfjs-device.ts'
import { createWebGpuEngine, type WebGpuEngine } from '../../workers/engine/webgpu/webgpu-engine.ts'
import { gpuEigenConformance, type GpuEigenCase } from '../../workers/linalg-gpu/eigen-conformance.ts'

export interface CaseResult {
  readonly name: string
  /** Relative distance from the float64 reference. */
  readonly distance: number
  readonly repeatable: boolean
}

/** Milliseconds, each the fastest of several repeats in this run. */
export interface GpuTimes {
  readonly adapter: string
  readonly fallback: boolean
  readonly step: number
  readonly tfjsStep: number
  readonly gradient: number
  readonly product: number
  readonly dispatches: number
}

const openGpu = async (): Promise<WebGpuEngine> => createWebGpuEngine(await openDevice(navigator.gpu))

const harness = {
  /** The conformance suite on one engine, as it runs in a browser worker. */
  async conformance(name: 'wasm' | 'webgpu'): Promise<readonly CaseResult[]> {
    const engine: Engine = name === 'wasm' ? await createWasmEngine() : await openGpu()
    const results: CaseResult[] = []
    for (const { name: title, run } of conformanceCases) {
      const [expected, first, second] = [await run(createReferenceEngine()), await run(engine), await run(engine)]
      results.push({ name: title, distance: relativeDistance(first, expected), repeatable: relativeDistance(second, first) === 0 })
    }
    engine.dispose()
    return results
  },

  /** Eigendecompositions on the GPU, judged in float64. */
  async eigenvectors(): Promise<readonly GpuEigenCase[]> {
    const { device } = await openDevice(navigator.gpu)
    const results = await gpuEigenConformance(device)
    device.destroy()
    return results
  },

  /** Zero-copy: what a tfjs operation makes of the engine's weights, and what the engine reads after tfjs wrote nothing. */
  async sharedWithTfjs(): Promise<{ readonly sum: number; readonly expected: number }> {
    const engine = await openGpu()
    const { tf, view } = await openTfjs(engine)
    const buffer = engine.allocate('float', 4096, 'shared')
    const values = Float32Array.from({ length: 4096 }, (_, i) => (i % 7) - 3)
    engine.write(buffer, values)
    const [sum] = await tf.sum(view(buffer, [64, 64])).data()
    return { sum, expected: values.reduce((total, value) => total + value, 0) }
  },

  /** SGD step and products against tfjs on the same device. */
  async gpuTimes(): Promise<GpuTimes> {
    const engine = await openGpu()
    const samples = syntheticSamples(SAMPLES)
    const { trainer, hessian } = await openBench(engine, samples)
    await openTfjs(engine)
    await tfjs.setBackend('webgpu')
    const baseline = await openTfjsMlp(samples)
    const v = Float64Array.from({ length: network.parameterCount }, (_, i) => Math.sin(i))
    const y = new Float64Array(network.parameterCount)
    let [step, tfjsStep, gradient, product] = [Infinity, Infinity, Infinity, Infinity]
    for (let round = 0; round < 3; round++) {
      step = Math.min(step, await fastest(2, () => trainer.advance(STEPS)))
      tfjsStep = Math.min(tfjsStep, await fastest(1, () => baseline.run(10)))
      gradient = Math.min(gradient, await fastest(2, () => hessian.linearise()))
      product = Math.min(product, await fastest(2, () => hessian.apply(v, y)))
    }
    const { label, fallbackAdapter } = engine.info
    const plan = await trainer.compiledStep()
    return { adapter: label, fallback: fallbackAdapter, step: step / STEPS, tfjsStep: tfjsStep / 10, gradient, product, dispatches: plan.dispatches }
  },
}

export type Harness = typeof harness

expose(harness)
