import { expect, test } from '@playwright/test'
import { gpuIsRequired } from './lib/browser.ts'

test('the browser offers a WebGPU adapter', async ({ page }) => {
  await page.goto('/')
  const adapter = await page.evaluate(async () => {
    const found = await navigator.gpu?.requestAdapter()
    if (!found) return undefined
    const { vendor, architecture, isFallbackAdapter } = found.info
    return { vendor, architecture, isFallbackAdapter }
  })
  console.log(`WebGPU adapter: ${adapter === undefined ? 'none' : JSON.stringify(adapter)}`)
  expect(adapter).toBeDefined()
  if (gpuIsRequired) expect(adapter?.isFallbackAdapter, 'REQUIRE_GPU=1 asks for a real GPU').toBe(false)
})
