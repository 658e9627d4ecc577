import { EngineError } from '../engine/engine.ts'
import { createReferenceEngine } from '../engine/reference/reference-engine.ts'
import { createWasmEngine } from '../engine/wasm/wasm-engine.ts'
import type { EngineSource } from './environment.ts'

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
    bitExact: true,
    note: 'Slow on purpose: the judge of the other engines.',
    open: () => Promise.resolve(createReferenceEngine()),
  },
]

/** WebGPU by the entry point of a browser or of Node; its code is loaded when it is first opened. */
export function gpuEngine(entry: () => Promise<GPU | null>): EngineSource {
  return {
    choice: 'webgpu',
    label: 'WebGPU',
    automatic: true,
    bitExact: false,
    note: null,
    open: async () => {
      const gpu = await entry()
      if (gpu === null) throw new EngineError('unavailable', 'this browser has no WebGPU (it needs a recent browser and a secure page: https or localhost)')
      const [{ openDevice }, { createWebGpuEngine }] = await Promise.all([import('../engine/webgpu/device.ts'), import('../engine/webgpu/webgpu-engine.ts')])
      return createWebGpuEngine(await openDevice(gpu))
    },
  }
}
