// Every check of the project from a fresh clone: npm test, or one part with npm test -- unit|static|e2e.
// Only Node's own modules are imported before the dependencies are installed.
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { ensureDependencies } from './lib/install.mjs'
import { nodeVersionProblem } from './lib/node-version.mjs'
import { FAILED_ONE, closingLine, sum } from './lib/tally.mjs'
import { STEPS } from './lib/test-steps.mjs'

const PARTS = ['unit', 'static', 'e2e']
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const log = (line) => console.log(line)

/** @returns {readonly string[]} */
function chosenParts() {
  const chosen = process.argv.slice(2)
  const unknown = chosen.find((part) => !PARTS.includes(part))
  if (unknown !== undefined) throw new Error(`part ${unknown} is unknown; choose from ${PARTS.join(', ')}, or none for all.`)
  return chosen.length > 0 ? chosen : PARTS
}

/** Runs a step to its end; a step that throws has failed. @param {import('./lib/test-steps.mjs').Step} step */
async function runStep({ name, run }) {
  log(`\n── ${name} ──`)
  const start = performance.now()
  const tally = await run({ root, log }).catch((error) => {
    log(`${name}: ${error.message}`)
    return FAILED_ONE
  })
  const seconds = (performance.now() - start) / 1000
  log(`── ${name}: ${tally.failed === 0 ? 'passed' : 'failed'} in ${seconds.toFixed(1)} s`)
  return { name, tally, seconds }
}

function printSummary(results) {
  log('')
  for (const { name, tally, seconds } of results) {
    log(`${tally.failed === 0 ? '✓' : '✗'} ${name.padEnd(40)} ${seconds.toFixed(1).padStart(7)} s  ${closingLine(tally)}`)
  }
  log('')
}

async function main() {
  const parts = chosenParts()
  const tooOld = nodeVersionProblem()
  if (tooOld !== undefined) throw new Error(tooOld)
  await ensureDependencies(root, log)
  const results = []
  for (const step of STEPS) {
    if (step.parts.some((part) => parts.includes(part))) results.push(await runStep(step))
  }
  printSummary(results)
  return sum(results.map((result) => result.tally))
}

const total = await main().catch((error) => {
  console.error(`npm test: ${error.message}`)
  return FAILED_ONE
})
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
log(closingLine(total))
