import { expect, test } from '@playwright/test'
import { runHeadless } from './lib/headless.ts'
import { LabPage, largestDifference, rowsOf, SMALL } from './lib/lab-page.ts'

/** Which engine the project's browser is for, and how far its numbers may be from the headless run's. */
function engineOf(project: string): { readonly engine: 'wasm' | 'webgpu'; readonly tolerance: number } {
  // The CPU engine gives the same bits everywhere; on the GPU rounding differs from the CPU by 1e-7 per operation.
  return project === 'webgpu' ? { engine: 'webgpu', tolerance: 0.01 } : { engine: 'wasm', tolerance: 0 }
}

test('open, train, analyse: heatmap cells equal the headless result; a reload and the link give the same numbers', async ({ page, browser }, { project }) => {
  const { engine, tolerance } = engineOf(project.name)
  const link = `${SMALL}&engine=${engine}`
  const headless = await runHeadless(link, 'wasm')
  const lab = new LabPage(page)
  await lab.open(link)
  await lab.finished()
  await expect(page.getByTestId('engine-badge')).toContainText(engine === 'webgpu' ? 'WebGPU' : 'CPU')

  for (const kind of ['singularHessian', 'hessianVelocities'] as const) {
    const cells = await lab.heatmap(kind)
    const expected = headless.overlap(kind)
    expect(largestDifference(cells, rowsOf(expected.values, expected.cols))).toBeLessThanOrEqual(tolerance)
  }
  const shown = await lab.heatmap('singularHessian')

  await page.reload()
  await lab.finished()
  await expect(lab.stage('training')).toContainText('restored')
  expect(largestDifference(await lab.heatmap('singularHessian'), shown)).toBe(0)

  await page.getByTestId('share').click()
  const shared = await page.getByTestId('share-link').inputValue()
  const elsewhere = await browser.newContext()
  const second = new LabPage(await elsewhere.newPage())
  await second.page.goto(shared)
  await second.finished()
  await expect(second.stage('training')).not.toContainText('restored')
  expect(largestDifference(await second.heatmap('singularHessian'), shown)).toBe(0)
  await expect(second.page.getByTestId('match')).toHaveAttribute('data-match', 'match')
  await elsewhere.close()
})

test('play, pause, step and reset do what they say, and reset repeats the run', async ({ page }, { project }) => {
  const { engine } = engineOf(project.name)
  const lab = new LabPage(page)
  await lab.open(`v=1&preset=mlp50-quick&trainSamples=2000&testSamples=500&epochs=3000&engine=${engine}`)
  await expect(lab.stage('network')).toContainText('42,310')
  await page.getByTestId('play').click()
  await expect(lab.stage('training')).toContainText(/running/i)
  await expect.poll(() => lab.epoch()).toBeGreaterThan(0)
  await page.getByTestId('play').click()
  await expect(lab.stage('training')).toContainText(/paused/i)
  const before = await lab.epoch()
  await page.getByTestId('step').click()
  await expect.poll(() => lab.epoch()).toBe(before + 1)
  await page.getByTestId('reset').click()
  await expect(lab.stage('training')).toContainText(/not run/i)
})
