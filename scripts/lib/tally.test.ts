import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { closingLine, sum, tallyPlaywright, tallyRunner, tallyVitest } from './tally.mjs'

test('the closing line names skipped tests only when there are some', () => {
  expect(closingLine({ passed: 3, failed: 1, skipped: 0 })).toBe('3 passed, 1 failed')
  expect(closingLine({ passed: 3, failed: 0, skipped: 2 })).toBe('3 passed, 0 failed, 2 skipped')
})

test('tallies add up', () => {
  expect(sum([{ passed: 1, failed: 2, skipped: 3 }, { passed: 4, failed: 5, skipped: 6 }])).toEqual({ passed: 5, failed: 7, skipped: 9 })
})

test('a test file that cannot be loaded is a failure', () => {
  const testResults = [{ status: 'failed', assertionResults: [] }, { status: 'passed', assertionResults: [{}] }]
  const report = { numPassedTests: 1, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults }
  expect(tallyVitest(report)).toEqual({ passed: 1, failed: 1, skipped: 0 })
})

test('an error outside every browser test is a failure', () => {
  const stats = { expected: 2, unexpected: 0, flaky: 0, skipped: 1 }
  expect(tallyPlaywright({ stats, errors: [{}] })).toEqual({ passed: 2, failed: 1, skipped: 1 })
})

test('a runner that leaves no report or exits non-zero has failed', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tally-'))
  const report = path.join(folder, 'report.json')
  const read = () => ({ passed: 5, failed: 0, skipped: 0 })
  expect(await tallyRunner(report, async () => 0, read)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  const leaveReport = (exitCode: number) => async () => {
    writeFileSync(report, '{}')
    return exitCode
  }
  expect(await tallyRunner(report, leaveReport(0), read)).toEqual({ passed: 5, failed: 0, skipped: 0 })
  expect(await tallyRunner(report, leaveReport(1), read)).toEqual({ passed: 5, failed: 1, skipped: 0 })
  rmSync(folder, { recursive: true })
})
