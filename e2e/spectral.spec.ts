import { expect, test, type Locator } from '@playwright/test'
import { runHeadless } from './lib/headless.ts'
import { LabPage } from './lib/lab-page.ts'

/** 784-12-10-10 on 600 images: a whole spectrum of 120 weights, a density, a trace, every statistic of them. */
const SPECTRA =
  'v=1&preset=mlp50-spectra&trainSamples=600&testSamples=200&networkShape=12,10&epochs=2&monitor=2.kernel:10:200:2:1:10&unfoldingWindow=5' +
  '&analyses=svd:fit;whole:2.kernel:300:compare=0;density:all:3:20:200;trace:2.kernel:hutchinson:10:200;steps:2.kernel:lanczos:12:200;filter:2.kernel:6' +
  '&panels=wholeSpectrum.6,density.6,spacings.6,curvature.6,demonstration.6,noiseFiltering.6'

/** The y values of all traces that a panel draws. */
async function drawn(lab: LabPage, id: string): Promise<readonly (readonly number[])[]> {
  const plot: Locator = lab.panel(id).locator('.js-plotly-plot')
  await lab.panel(id).scrollIntoViewIfNeeded()
  await expect(plot).toBeVisible()
  return plot.evaluate((element) => {
    const { data } = element as unknown as { readonly data: readonly { readonly y?: ArrayLike<number> }[] }
    return data.map(({ y }) => Array.from(y ?? []))
  })
}

async function finished(lab: LabPage): Promise<void> {
  for (const name of ['training', 'analyses'] as const) await expect(lab.stage(name)).toHaveAttribute('data-state', 'done', { timeout: 120_000 })
}

test('a whole spectrum, its density and statistics appear, and the check finds them right', async ({ page }, { project }) => {
  const engine = project.name === 'webgpu' ? 'webgpu' : 'wasm'
  const link = `${SPECTRA}&engine=${engine}`
  const lab = new LabPage(page)
  await lab.open(link)
  await finished(lab)
  for (const id of ['wholeSpectrum', 'density', 'spacings', 'curvature', 'demonstration', 'noiseFiltering']) expect((await drawn(lab, id)).flat().length, id).toBeGreaterThan(5)

  const expected = await runHeadless(link, 'wasm')
  const whole = expected.result('wholeSpectrum')
  await lab.panel('wholeSpectrum').getByText('Log scale').click()
  await expect.poll(async () => Math.max(...(await drawn(lab, 'wholeSpectrum')).flat())).toBeCloseTo(whole.eigenvalues[0], engine === 'wasm' ? 12 : 2)

  await page.getByTestId('check-wholeSpectrum').click()
  await expect(lab.panel('wholeSpectrum').getByTestId('check-light')).toHaveAttribute('data-verdict', 'good', { timeout: 120_000 })
})

test('bandwidth and unfolding window act on what is there, and the link keeps them', async ({ page }, { project }) => {
  test.skip(project.name === 'webgpu', 'The same code on both engines.')
  const lab = new LabPage(page)
  await lab.open(`${SPECTRA}&engine=wasm`)
  await finished(lab)
  const before = await drawn(lab, 'density')
  await lab.panel('density').getByRole('radio', { name: 'σ = 1' }).click()
  await expect.poll(async () => JSON.stringify(await drawn(lab, 'density')) === JSON.stringify(before)).toBe(false)
  await expect.poll(() => page.url()).toContain('bandwidth=1')

  const provenance = await page.getByTestId('provenance-wholeSpectrum').textContent()
  const window = lab.panel('spacings').getByLabel('Unfolding window')
  await window.fill('7')
  await window.press('Enter')
  await expect.poll(() => page.url()).toContain('unfoldingWindow=7')
  await finished(lab)
  await expect(page.getByTestId('provenance-wholeSpectrum')).toHaveText(provenance ?? '')
})
