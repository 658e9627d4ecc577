import { expect, test } from '@playwright/test'
import { GPU_EIGEN_TOLERANCE, type GpuEigenCase } from '../workers/linalg-gpu/eigen-conformance.ts'
import { serveHarness } from './lib/vite-page.ts'

interface Page {
  readonly harness: { eigenvectors(): Promise<readonly GpuEigenCase[]> }
}

let server: Awaited<ReturnType<typeof serveHarness>>
test.beforeAll(async () => {
  server = await serveHarness()
})
test.afterAll(() => server.close())

test('the GPU decomposes symmetric matrices to float32 accuracy in a browser worker', async ({ page }) => {
  await page.goto(server.url)
  await expect(page.locator('#state')).toHaveText('ready')
  const results = await page.evaluate(() => (globalThis as unknown as Page).harness.eigenvectors())
  expect(results.length).toBeGreaterThan(10)
  const accurate = ({ eigenvalueError, residual, orthogonality }: GpuEigenCase): boolean =>
    Math.max(eigenvalueError, residual, orthogonality) < GPU_EIGEN_TOLERANCE
  expect(results.filter((result) => result.outcome !== 'converged' || !accurate(result))).toEqual([])
})
