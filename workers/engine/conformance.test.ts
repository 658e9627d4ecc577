import { describe, expect, test } from 'vitest'
import { openNodeGpu } from '../cli/node-gpu.ts'
import { conformanceCases, FLOAT32_TOLERANCE, relativeDistance } from './conformance.ts'
import type { Engine } from './engine.ts'
import { createReferenceEngine } from './reference/reference-engine.ts'
import { createWasmEngine } from './wasm/wasm-engine.ts'
import { openDevice } from './webgpu/device.ts'
import { createWebGpuEngine } from './webgpu/webgpu-engine.ts'

const gpu = await openNodeGpu()
if (gpu === null) console.warn('No WebGPU adapter in Node: the WGSL executor is covered by the browser tests only.')

const engines: { name: string; create: () => Promise<Engine> }[] = [
  { name: 'wasm', create: () => createWasmEngine() },
  { name: 'wasm, relaxed SIMD', create: () => createWasmEngine({ relaxed: true }) },
]
if (gpu !== null) {
  engines.push({ name: 'webgpu', create: async () => createWebGpuEngine(await openDevice(gpu)) })
}

describe.each(engines)('engine $name', ({ create }) => {
  test.each(conformanceCases)('agrees with float64: $name', async ({ run }) => {
    const engine = await create()
    const expected = await run(createReferenceEngine())
    const actual = await run(engine)
    engine.dispose()
    expect(relativeDistance(actual, expected)).toBeLessThan(FLOAT32_TOLERANCE)
  })

  test.each(conformanceCases)('gives the same bits twice: $name', async ({ run }) => {
    const engine = await create()
    const [first, second] = [await run(engine), await run(engine)]
    engine.dispose()
    expect(second).toEqual(first)
  })
})
