import { EngineError, type Engine } from '../engine/engine.ts'
import { createReferenceEngine } from '../engine/reference/reference-engine.ts'
import { createWasmEngine } from '../engine/wasm/wasm-engine.ts'
import type { EngineSource } from './environment.ts'
import type { ResultStore } from './store.ts'

/** Engines that need nothing but a processor. */
export const cpuEngines: readonly EngineSource[] = [
  {
    choice: 'wasm',
    label: 'CPU (WebAssembly SIMD)',
    automatic: true,
    bitExact: true,
    note: 'The same link gives the same bits on any machine.',
    open: () => createWasmEngine(),
  },
  {
    choice: 'wasm-relaxed',
    label: 'CPU (relaxed SIMD)',
    automatic: false,
    bitExact: false,
    note: 'Faster, not bit-exact: the last bits depend on the processor.',
    open: () => createWasmEngine({ relaxed: true }),
  },
  {
    choice: 'reference',
    label: 'Reference (float64, plain loops)',
    automatic: false,
    bitExact: false,
    note: 'Slow on purpose: the judge of the other engines.',
    open: () => Promise.resolve(createReferenceEngine()),
  },
]

/**
 * WebGPU by the entry point of a browser or of Node; its code is loaded when it is first opened. Tile sizes are
 * measured once per adapter and kept in the store: they decide the last bits.
 */
export function gpuEngine(entry: () => Promise<GPU | null>, store: ResultStore): EngineSource {
  return {
    choice: 'webgpu',
    label: 'WebGPU',
    automatic: true,
    bitExact: false,
    note: null,
    open: async () => {
      const gpu = await entry()
      if (gpu === null) throw new EngineError('unavailable', 'this browser has no WebGPU (it needs a recent browser and a secure page: https or localhost)')
      return openGpuEngine(gpu, store)
    },
  }
}

async function openGpuEngine(gpu: GPU, store: ResultStore): Promise<Engine> {
  const [{ openDevice }, { createWebGpuEngine }, { restoreTuning, tuningKey }, { tune }] = await Promise.all([
    import('../engine/webgpu/device.ts'),
    import('../engine/webgpu/webgpu-engine.ts'),
    import('../engine/webgpu/tuning.ts'),
    import('../engine/webgpu/autotune.ts'),
  ])
  const opened = await openDevice(gpu)
  const key = tuningKey(opened)
  const known = restoreTuning(await store.get(key), opened)
  const tuning = known ?? (await tune(opened))
  if (known === null) await store.put(key, tuning)
  return createWebGpuEngine(opened, { tuning })
}
