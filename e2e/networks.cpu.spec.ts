import { Buffer } from 'node:buffer'
import { expect, test, type Page } from '@playwright/test'
import { LabPage, SMALL } from './lib/lab-page.ts'

/** A tiny experiment on spirals: nothing is fetched, and it takes a second. */
const SPIRALS =
  'v=1&preset=mlp50-quick&engine=wasm&dataset=spirals&trainSamples=300&testSamples=100&networkShape=16,12&activation=tanh&optimiser=adam&learningRate=0.01&momentum=0.9&epochs=8&selection=2.kernel&measureEpochs=2&analyses=svd:initialiser;hessian:2.kernel:6:2:300:0.0001:60;pca:6'

async function openEditor(page: Page): Promise<void> {
  await page.getByTestId('stage-network').getByRole('button').first().click()
  await page.getByTestId('edit-architecture').click()
  await expect(page.getByTestId('architecture-editor')).toBeVisible()
}

test('an architecture is edited with live shapes, built, trained and analysed', async ({ page }) => {
  const lab = new LabPage(page)
  await lab.open(`${SMALL}&engine=wasm&selection=3.kernel&analyses=svd:initialiser;hessian:3.kernel:6:0:200:0.0001:60;pca:6`)
  await lab.finished()
  await openEditor(page)
  await page.getByTestId('layers-text').fill('c4x5,p2,20,10')
  await page.getByTestId('layers-text').press('Enter')
  // 4·(25 + 1), 14·14·4·20 + 20, 20·10 + 10, 10·10 + 10
  await expect(page.getByTestId('sketch-total')).toContainText('16,124')
  await expect(page.getByTestId('layer-row').first()).toContainText('28 × 28 × 4')
  await page.getByTestId('apply-architecture').click()
  await expect(lab.stage('network')).toContainText('28×28×1-c4x5-p2-20-10-10')
  await page.getByTestId('play').click()
  await lab.finished()
  await expect(lab.stage('network')).toContainText('16,124')
})

test('layers that do not fit are named in place and cannot be built', async ({ page }) => {
  const lab = new LabPage(page)
  await lab.open(`${SMALL}&engine=wasm`)
  await openEditor(page)
  await page.getByTestId('layers-text').fill('p7,p2,c4x5v')
  await page.getByTestId('layers-text').press('Enter')
  await expect(page.getByTestId('architecture-editor')).toContainText('its 5×5 window is larger than the 2×2 image')
  await expect(page.getByTestId('apply-architecture')).toBeDisabled()
})

test('a link with synthetic data, tanh and Adam trains and analyses without a data file', async ({ page }) => {
  await page.route('**/data/**', (route) => route.abort())
  await page.goto(`./#${SPIRALS}`)
  const lab = new LabPage(page)
  await lab.finished()
  await expect(lab.stage('data')).toContainText('300')
  await expect(lab.panel('spectrum')).toContainText(/converged|residual/)
})

test('two seeds run side by side and the panels say so', async ({ page }) => {
  await page.goto(`./#${SPIRALS}&repeats=2`)
  await new LabPage(page).finished()
  await expect(page.getByTestId('panel-training').getByTestId('replica-chip')).toContainText(/2 seeds/, { timeout: 60_000 })
})

test('a CSV file is looked at first, then used', async ({ page }) => {
  await page.goto(`./#${SPIRALS}`)
  const lab = new LabPage(page)
  await expect(lab.stage('network')).toHaveAttribute('data-state', 'done')
  const rows = Array.from({ length: 60 }, (_, i) => `${(i % 7) / 7},${(i % 11) / 11},${(i * i) % 5},${i % 2 === 0 ? 'even' : 'odd'}`)
  await lab.stage('data').getByRole('button').first().click()
  await lab.stage('data').locator('input[type=file]').first().setInputFiles({ name: 'parity.csv', mimeType: 'text/csv', buffer: Buffer.from(['a,b,c,class', ...rows].join('\n')) })
  await expect(page.getByTestId('data-preview')).toContainText('parity.csv')
  await page.getByTestId('use-data').click()
  await expect(lab.stage('data')).toContainText('own data, 48 + 12 samples')
  await expect(lab.stage('network')).toContainText('3-16-12-2')
})

test('a trained network that comes with the lab is analysed without training', async ({ page }) => {
  const lab = new LabPage(page)
  await lab.open('v=1&preset=mlp50&engine=wasm&trainSamples=1000&testSamples=500&measureEpochs=1&analyses=svd:initialiser;hessian:2.kernel:10:0:500:0.0001:80;pca:6')
  await lab.finished()
  await lab.stage('training').getByRole('button').first().click()
  await expect(page.getByTestId('trained-network').first()).toContainText('200 epochs')
  await expect(lab.panel('spectrum')).toContainText(/epoch 0/)
})
