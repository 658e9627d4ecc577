import { expect, test } from '@playwright/test'
import { LabPage, SMALL } from './lib/lab-page.ts'

test('a link with wrong values opens a working experiment and says what was changed', async ({ page }) => {
  const lab = new LabPage(page)
  await lab.open(`${SMALL}&learningRate=banana&epochs=99999999&wibble=3`)
  await expect(page.getByText(/banana/)).toBeVisible()
  await expect(page.getByText(/wibble/)).toBeVisible()
})

test('a damaged compressed link opens the default experiment with a notice', async ({ page }) => {
  await new LabPage(page).open('z=1.notReallyDeflate')
  await expect(page.getByRole('status').or(page.getByRole('alert')).filter({ hasText: /link/i }).first()).toBeVisible()
})

test('without a network the data stage says so, and works again afterwards', async ({ page, context }) => {
  await page.goto('./')
  await context.route('**/data/mnist/**', (route) => route.abort('internetdisconnected'))
  await page.goto('about:blank')
  await page.evaluate(() => undefined)
  await page.goto(`./#${SMALL}&trainSamples=1500`)
  await page.evaluate(() => caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name)))))
  await page.reload()
  await expect(page.getByTestId('stage-data')).toContainText(/failed/i)
  await context.unroute('**/data/mnist/**')
  await page.reload()
  await expect(page.getByTestId('stage-training')).toContainText(/done/i, { timeout: 60_000 })
})

test('a truncated data file and foreign weights are refused in a sentence, and nothing computed is lost', async ({ page }) => {
  const lab = new LabPage(page)
  await lab.open(`${SMALL}&engine=wasm`)
  await lab.finished()
  const shown = await lab.heatmap('singularHessian')
  const files = [
    ['data', 'truncated.npz', Buffer.from('504b0304140000000800', 'hex')],
    ['network', 'foreign.safetensors', Buffer.from('not a weights file')],
    ['data', 'experiment.json', Buffer.from('{"preset":"mlp50-quick","training":{"epochs":-3}}')],
  ] as const
  for (const [stage, name, buffer] of files) {
    await lab.stage(stage).getByRole('button').first().click()
    await lab.stage(stage).locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
    await expect(page.getByRole('alert').filter({ hasText: name }).first()).toBeVisible()
    await lab.stage(stage).getByRole('button').first().click()
  }
  expect(await lab.heatmap('singularHessian')).toEqual(shown)
})

test('divergence stops with an explanation and keeps the last good state', async ({ page }) => {
  const lab = new LabPage(page)
  await lab.open(`${SMALL}&learningRate=100&engine=wasm`)
  await expect(lab.stage('training')).toContainText(/diverged/i, { timeout: 60_000 })
  await expect(lab.stage('training')).toContainText(/learning rate/i)
})

test('a browser without WebGPU trains on the CPU and says why', async ({ page }) => {
  const lab = new LabPage(page)
  await lab.open(SMALL)
  await lab.finished()
  await page.getByTestId('engine-badge').click()
  await expect(page.getByText(/WebGPU found no adapter|has no WebGPU/).first()).toBeVisible()
})
