import { chromium } from '@playwright/test'
import { browserFlags, chosenAdapter, findBrowser } from '../e2e/lib/browser.ts'
import { serveHarness } from '../e2e/lib/vite-page.ts'
import type { GpuTimes } from '../e2e/harness/harness.worker.ts'
import { atLeast, atMost, ratio, type Ratio } from './lib/measure.ts'

interface Page {
  readonly harness: { gpuTimes(): Promise<GpuTimes> }
}

/** The WGSL plan against tfjs-webgpu `minimize` on the same device, in a worker of a real browser. */
export async function benchWebGpu(): Promise<readonly Ratio[]> {
  const executablePath = await findBrowser()
  const server = await serveHarness()
  const browser = await chromium.launch({ args: browserFlags(chosenAdapter()), ...(executablePath === undefined ? {} : { executablePath }) })
  try {
    const page = await browser.newPage()
    await page.goto(server.url)
    await page.locator('#state', { hasText: 'ready' }).waitFor()
    const times = await page.evaluate(() => (globalThis as unknown as Page).harness.gpuTimes())
    console.log(`  adapter: ${times.adapter}${times.fallback ? ', software: no GPU on this machine' : ''}; ${times.dispatches} dispatches per step`)
    return [
      ratio('webgpu-step-vs-tfjs-webgpu', times.tfjsStep / times.step, `SGD step, batch 32: ${times.step.toFixed(2)} ms, tfjs-webgpu minimize ${times.tfjsStep.toFixed(1)} ms`, atLeast(10)),
      ratio('webgpu-hvp-per-gradient', times.product / times.gradient, `N = 2000: product ${times.product.toFixed(0)} ms, gradient ${times.gradient.toFixed(0)} ms`, atMost(1.3)),
    ]
  } finally {
    await browser.close()
    await server.close()
  }
}
