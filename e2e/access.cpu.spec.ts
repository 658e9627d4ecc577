import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { LabPage, SMALL } from './lib/lab-page.ts'

for (const theme of ['light', 'dark'] as const) {
  test(`no accessibility violations with results on the page, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme })
    const lab = new LabPage(page)
    await lab.open(`${SMALL}&engine=wasm`)
    await lab.finished()
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa']).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)).toEqual([])
  })
}

test('the keyboard plays, presents, shows tables and help', async ({ page }) => {
  const lab = new LabPage(page)
  await lab.open(`${SMALL}&engine=wasm`)
  await lab.finished()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.keyboard.press('2')
  await expect(lab.panel('spectrum')).toBeFocused()
  await page.keyboard.press('t')
  await expect(lab.panel('spectrum').getByRole('table')).toBeVisible()
  await page.keyboard.press('t')
  await page.keyboard.press('p')
  await expect(page.getByTestId('panel-stage')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('panel-stage')).toBeHidden()
})

test('a press on play counts from the first moment that it is offered', async ({ page }) => {
  const lab = new LabPage(page)
  await page.goto('./#v=1&preset=mlp50-quick&epochs=2000&engine=wasm')
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const press = (): void => {
          const button = document.querySelector<HTMLButtonElement>('[data-testid="play"]:not([disabled])')
          if (button === null) return void requestAnimationFrame(press)
          button.click()
          resolve()
        }
        press()
      }),
  )
  await expect(lab.stage('training')).toContainText(/running/i)
})

test('the interface keeps drawing while it trains', async ({ page }) => {
  const lab = new LabPage(page)
  await lab.open('v=1&preset=mlp50-quick&epochs=2000&engine=wasm')
  await page.getByTestId('play').click()
  await expect(lab.stage('training')).toContainText(/running/i)
  const frames = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let count = 0
        const start = performance.now()
        const tick = (now: number): void => {
          count++
          if (now - start < 1000) requestAnimationFrame(tick)
          else resolve(count)
        }
        requestAnimationFrame(tick)
      }),
  )
  // Not a timing: a page whose thread is blocked draws one or two frames.
  expect(frames).toBeGreaterThan(5)
  await page.getByTestId('play').click()
  await expect(lab.stage('training')).toContainText(/paused/i)
})
