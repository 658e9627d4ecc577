import { readFileSync, rmSync } from 'node:fs'

/** @typedef {{passed: number, failed: number, skipped: number}} Tally */

/** @type {Tally} */
export const PASSED_ONE = { passed: 1, failed: 0, skipped: 0 }
/** @type {Tally} */
export const FAILED_ONE = { passed: 0, failed: 1, skipped: 0 }

/** @param {readonly Tally[]} tallies @returns {Tally} */
export function sum(tallies) {
  const total = (key) => tallies.reduce((count, tally) => count + tally[key], 0)
  return { passed: total('passed'), failed: total('failed'), skipped: total('skipped') }
}

/** The closing line of a run. @param {Tally} tally */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/**
 * A runner that broke without a failed test still failed: an unreadable file, an unhandled rejection.
 * @param {Tally} tally
 * @param {number} exitCode
 * @returns {Tally}
 */
function withExitCode(tally, exitCode) {
  return exitCode !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally
}

/**
 * @param {{numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: {status: string, assertionResults: unknown[]}[]}} report of vitest's JSON reporter
 * @returns {Tally}
 */
export function tallyVitest(report) {
  const unreadableFiles = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unreadableFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/**
 * @param {{stats: {expected: number, unexpected: number, flaky: number, skipped: number}, errors: unknown[]}} report
 *   of Playwright's JSON reporter; its errors belong to no test
 * @returns {Tally}
 */
export function tallyPlaywright({ stats, errors }) {
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length, skipped: stats.skipped }
}

/**
 * Runs a test runner and counts what its JSON report says; a missing report is one failure.
 * @param {string} reportFile
 * @param {() => Promise<number>} runner resolves to the exit code
 * @param {(report: never) => Tally} read
 * @returns {Promise<Tally>}
 */
export async function tallyRunner(reportFile, runner, read) {
  rmSync(reportFile, { force: true })
  const exitCode = await runner()
  try {
    return withExitCode(read(JSON.parse(readFileSync(reportFile, 'utf8'))), exitCode)
  } catch {
    return FAILED_ONE
  }
}
