import { openNodeGpu } from '../workers/cli/node-gpu.ts'
import { tune } from '../workers/engine/webgpu/autotune.ts'
import { openDevice } from '../workers/engine/webgpu/device.ts'
import { gpuEngine } from '../workers/session/engine-sources.ts'
import { createMemoryStore } from '../workers/session/store.ts'
import { atMost, formatTime, ratio, timed, type Ratio } from './lib/measure.ts'

const AIM = atMost(0.5)

/**
 * Seconds until a WebGPU engine is open for the first time, with the measurement that chooses tile sizes, and when the
 * choice is in the store. Measured once and cold: drivers keep what they compiled.
 */
export async function benchAutotune(): Promise<readonly Ratio[]> {
  const gpu = await openNodeGpu()
  if (gpu === null) {
    console.log('  No WebGPU adapter in Node (it needs the webgpu package and a Vulkan driver, or a Chromium with SwiftShader). Left out.')
    return []
  }
  const store = createMemoryStore(null)
  const start = (): Promise<number> => timed(async () => (await gpuEngine(() => Promise.resolve(gpu), store).open()).dispose())
  const [first, cached] = [await start(), await start()]
  const ratios = [
    ratio('autotune-first-start-seconds', first / 1000, `device, choice of tiles and engine: ${formatTime(first)}`, AIM),
    ratio('autotune-cached-start-seconds', cached / 1000, `the same with a stored choice: ${formatTime(cached)}`, AIM),
  ]
  const opened = await openDevice(gpu)
  if (opened.fallbackAdapter) {
    console.log('  Software adapter: the lab does not measure there but takes a fixed choice. The last row forces it to.')
    const forced = await timed(() => tune(opened, { software: true }))
    ratios.push(ratio('autotune-forced-seconds', forced / 1000, `choice of tiles measured on software: ${formatTime(forced)}`))
  }
  opened.device.destroy()
  return ratios
}
