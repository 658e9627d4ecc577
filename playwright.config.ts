import process from 'node:process'
import { defineConfig } from '@playwright/test'
import { browserFlags, chosenAdapter, findBrowser } from './e2e/lib/browser.ts'
import type { Adapter } from './e2e/lib/browser.ts'

const port = Number(process.env['E2E_PORT'] ?? 4317)
const baseURL = `http://localhost:${port}/`
const executablePath = await findBrowser()

function launch(adapter: Adapter) {
  return { args: browserFlags(adapter), ...(executablePath === undefined ? {} : { executablePath }) }
}

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  // One software GPU and few cores are shared by everything that runs.
  workers: 1,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: { baseURL, trace: 'retain-on-failure', screenshot: 'only-on-failure' },
  projects: [
    { name: 'cpu', testIgnore: '**/*.webgpu.spec.ts', use: { launchOptions: launch('none') } },
    { name: 'webgpu', testIgnore: '**/*.cpu.spec.ts', use: { launchOptions: launch(chosenAdapter()) } },
  ],
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --port ${port} --strictPort`,
    url: baseURL,
    reuseExistingServer: !process.env['CI'],
    timeout: 60_000,
  },
})
