import path from 'node:path'
import process from 'node:process'
import { buildSite, buildWasm } from './build.mjs'
import { ensureBrowser } from './find-browser.mjs'
import { ensureMnist } from './mnist.mjs'
import { freePort } from './ports.mjs'
import { runTool } from './run.mjs'
import { FAILED_ONE, PASSED_ONE, tallyPlaywright, tallyRunner, tallyVitest } from './tally.mjs'

/** @typedef {'unit' | 'static' | 'e2e'} Part */
/** @typedef {{root: string, log: (line: string) => void}} Context */
/** @typedef {{name: string, parts: readonly Part[], run: (context: Context) => Promise<import('./tally.mjs').Tally>}} Step */

const E2E_PORT = 4317
const TYPESCRIPT_PROJECTS = ['tsconfig.json', 'workers/tsconfig.json', 'workers/numerics/tsconfig.json', 'scripts/tsconfig.json']

/** @param {number} exitCode */
const check = (exitCode) => (exitCode === 0 ? PASSED_ONE : FAILED_ONE)

/** @param {string} entry @param {readonly string[]} args @returns {Step['run']} */
const tool = (entry, args) => async ({ root }) => check(await runTool(root, entry, args))

/** @param {string} script @returns {Step['run']} */
const script = (script) => tool(path.join('..', 'scripts', script), [])

/** @type {Step['run']} */
async function provideBrowser({ root, log }) {
  const browser = await ensureBrowser(root, log)
  process.env['CHROME_PATH'] = browser
  log(`Browser: ${browser}`)
  return PASSED_ONE
}

/** @type {Step['run']} */
async function prepareMnist({ root, log }) {
  await ensureMnist(root, log)
  return PASSED_ONE
}

/** @type {Step['run']} */
function unitTests({ root }) {
  const report = path.join(root, 'test-results', 'unit.json')
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  return tallyRunner(report, () => runTool(root, 'vitest/vitest.mjs', args), tallyVitest)
}

/** @type {Step['run']} */
async function browserTests({ root, log }) {
  const report = path.join(root, 'test-results', 'e2e.json')
  const port = await freePort(E2E_PORT)
  if (port !== E2E_PORT) log(`Port ${E2E_PORT} is taken; the page is served on ${port}.`)
  const env = { E2E_PORT: String(port) }
  return tallyRunner(report, () => runTool(root, '@playwright/test/cli.js', ['test'], { env }), tallyPlaywright)
}

/** In the order in which they run; quick answers come first. @type {readonly Step[]} */
export const STEPS = [
  { name: 'Browser', parts: ['e2e'], run: provideBrowser },
  { name: 'WebAssembly kernels', parts: ['unit', 'static', 'e2e'], run: async ({ root }) => check(await buildWasm(root)) },
  { name: 'MNIST', parts: ['unit', 'e2e'], run: prepareMnist },
  ...TYPESCRIPT_PROJECTS.map((project) => ({
    name: `Types of ${project}`,
    parts: ['static'],
    run: tool('typescript/bin/tsc', ['-p', project]),
  })),
  { name: 'Lint', parts: ['static'], run: tool('eslint/bin/eslint.js', ['.', '--max-warnings', '0']) },
  { name: 'Import rules', parts: ['static'], run: script('check-imports.mjs') },
  { name: 'Hygiene', parts: ['static'], run: script('check-hygiene.mjs') },
  { name: 'Unit tests', parts: ['unit'], run: unitTests },
  { name: 'Page build', parts: ['static', 'e2e'], run: async ({ root }) => check(await buildSite(root)) },
  { name: 'Bundle size', parts: ['static'], run: script('check-bundle.mjs') },
  { name: 'Browser tests', parts: ['e2e'], run: browserTests },
]
