import { expect, test } from '@playwright/test'
import type { CaseResult } from './harness/harness.worker.ts'
import { serveHarness } from './lib/vite-page.ts'

/** Relative L2 distance allowed between float32 and the reference. */
const TOLERANCE = 1e-5

interface Page {
  readonly harness: {
    conformance(name: string): Promise<readonly CaseResult[]>
    sharedWithTfjs(): Promise<{ sum: number; expected: number }>
  }
}

let server: Awaited<ReturnType<typeof serveHarness>>
test.beforeAll(async () => {
  server = await serveHarness()
})
test.afterAll(() => server.close())

for (const engine of ['wasm', 'webgpu'] as const) {
  test(`the ${engine} engine agrees with float64 and repeats its bits in a browser worker`, async ({ page }) => {
    await page.goto(server.url)
    await expect(page.locator('#state')).toHaveText('ready')
    const results = await page.evaluate((name) => (globalThis as unknown as Page).harness.conformance(name), engine)
    expect(results.length).toBeGreaterThan(40)
    expect(results.filter(({ distance, repeatable }) => !(distance < TOLERANCE) || !repeatable)).toEqual([])
  })
}

test('tfjs reads the engine’s weights without a copy', async ({ page }) => {
  await page.goto(server.url)
  await expect(page.locator('#state')).toHaveText('ready')
  const { sum, expected } = await page.evaluate(() => (globalThis as unknown as Page).harness.sharedWithTfjs())
  expect(sum).toBe(expected)
})
