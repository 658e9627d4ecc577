import { expect, type Locator, type Page } from '@playwright/test'

/** A small experiment that a software GPU finishes in seconds: 784-20-10-10 on 1,000 images. */
export const SMALL =
  'v=1&preset=mlp50-quick&trainSamples=1000&testSamples=500&networkShape=20,10&epochs=2&selection=2.kernel&measureEpochs=2&analyses=svd:initialiser;hessian:2.kernel:10:2:500:0.0001:80;pca:8'

/** The lab as a visitor handles it. */
export class LabPage {
  constructor(readonly page: Page) {}

  async open(link: string): Promise<void> {
    await this.page.goto(link === '' ? './' : `./#${link}`)
    await expect(this.stage('data')).toContainText('MNIST')
  }

  stage(name: 'data' | 'network' | 'training' | 'measurement' | 'analyses'): Locator {
    return this.page.getByTestId(`stage-${name}`)
  }

  panel(id: string): Locator {
    return this.page.getByTestId(`panel-${id}`)
  }

  /** Waits until every stage is done. */
  async finished(): Promise<void> {
    for (const name of ['training', 'measurement', 'analyses'] as const) await expect(this.stage(name)).toHaveAttribute('data-state', 'done', { timeout: 150_000 })
  }

  /** Whole epochs done, as the timeline says. */
  async epoch(): Promise<number> {
    const text = await this.page.getByText(/^epoch \d+ of/).textContent()
    return Number(/\d+/.exec(text ?? '')?.[0])
  }

  /** The numbers that a heatmap panel draws, row by row. */
  async heatmap(id: string): Promise<readonly (readonly number[])[]> {
    const plot = this.panel(id).locator('.js-plotly-plot')
    // Plots are drawn when they come into view.
    await this.panel(id).scrollIntoViewIfNeeded()
    await expect(plot).toBeVisible()
    return plot.evaluate((element) => {
      const { data } = element as unknown as { readonly data: readonly { readonly type: string; readonly z: readonly ArrayLike<number>[] }[] }
      const heatmap = data.find(({ type }) => type === 'heatmap')
      return Array.from(heatmap?.z ?? [], (row) => Array.from(row))
    })
  }
}

/** Largest |a − b| of two matrices given as rows; Infinity when shapes differ. */
export function largestDifference(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  if (a.length !== b.length) return Infinity
  let largest = 0
  a.forEach((row, i) => {
    if (row.length !== b[i].length) largest = Infinity
    row.forEach((value, j) => (largest = Math.max(largest, Math.abs(value - b[i][j]))))
  })
  return largest
}

/** Row-major values as rows. */
export function rowsOf(values: Float32Array, cols: number): readonly (readonly number[])[] {
  return Array.from({ length: values.length / cols }, (_, row) => Array.from(values.subarray(row * cols, (row + 1) * cols)))
}
