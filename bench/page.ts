import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from '@playwright/test'
import { preview } from 'vite'
import { browserFlags, findBrowser } from '../e2e/lib/browser.ts'
import { atLeast, ratio, type Ratio } from './lib/measure.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const TARGET_FPS = 50
const TARGET_SECONDS = 2

/** Seconds of training over which frames are counted. */
const WINDOW = 4

/** Runs in the page as text: the transpiler of this file adds helpers that a page does not know. */
const COUNT_FRAMES = `new Promise((resolve) => {
  const start = performance.now()
  let count = 0
  requestAnimationFrame(function tick(now) {
    if (now - start > ${1000 * WINDOW}) return resolve(count / ${WINDOW})
    count++
    requestAnimationFrame(tick)
  })
})`

/** The built page as a visitor meets it: time to first content, and frames per second while it trains. */
export async function benchPage(): Promise<readonly Ratio[]> {
  if (!existsSync(`${ROOT}dist/index.html`)) {
    console.log('  The page is not built; run `npm run build` first. Left out.')
    return []
  }
  const executablePath = await findBrowser()
  const server = await preview({ root: ROOT, logLevel: 'error', preview: { port: 0, host: 'localhost' } })
  const url = server.resolvedUrls?.local[0] ?? ''
  const browser = await chromium.launch({ args: browserFlags('none'), ...(executablePath === undefined ? {} : { executablePath }) })
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(url)
    const content = await firstContent(page, url)
    const { fps, steps } = await framesWhileTraining(page, url)
    return [
      ratio('page-first-content-vs-2s', TARGET_SECONDS / content, `first content after ${content.toFixed(2)} s on a warm server`, atLeast(1)),
      ratio('page-fps-vs-50', fps / TARGET_FPS, `${fps.toFixed(0)} frames per second while training (${steps})`, atLeast(1)),
    ]
  } finally {
    await browser.close()
    await server.close()
  }
}

/** Seconds from navigation to the largest early paint. */
async function firstContent(page: Page, url: string): Promise<number> {
  await page.goto('about:blank')
  await page.goto(url, { waitUntil: 'commit' })
  await page.getByTestId('panel-training').waitFor()
  const milliseconds = await page.evaluate(() => performance.now())
  return milliseconds / 1000
}

async function framesWhileTraining(page: Page, url: string): Promise<{ readonly fps: number; readonly steps: string }> {
  await page.goto('about:blank')
  await page.goto(`${url}#v=1&preset=mlp50-paper`)
  await page.getByTestId('play').click()
  await page.locator('[data-testid=stage-training][data-state=running]').waitFor()
  const frames = await page.evaluate<number>(COUNT_FRAMES)
  return { fps: frames, steps: (await page.getByText(/^epoch \d+ of/).innerText()) }
}
