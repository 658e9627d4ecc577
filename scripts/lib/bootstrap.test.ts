import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isUpToDate } from './freshness.mjs'
import { dependenciesAreCurrent } from './install.mjs'
import { nodeVersionProblem } from './node-version.mjs'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bootstrap-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

test.each(['20.19.0', '20.20.2', '22.0.0'])('Node %s is accepted', (version) => {
  expect(nodeVersionProblem(version)).toBeUndefined()
})

test.each(['18.20.0', '20.18.9'])('Node %s is refused with the version that is needed', (version) => {
  expect(nodeVersionProblem(version)).toContain('needs Node 20.19 or newer')
})

function writeLock(file: string, packages: Record<string, object>) {
  writeFileSync(path.join(folder, file), JSON.stringify({ packages }))
}

test('dependencies are current when every package that is not optional has the locked version', () => {
  const wanted = { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0', optional: true } }
  writeLock('package-lock.json', wanted)
  expect(dependenciesAreCurrent(folder)).toBe(false)
  mkdirSync(path.join(folder, 'node_modules'))
  writeLock('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.0' } })
  expect(dependenciesAreCurrent(folder)).toBe(true)
  writeLock('node_modules/.package-lock.json', { 'node_modules/a': { version: '0.9.0' } })
  expect(dependenciesAreCurrent(folder)).toBe(false)
})

test('an output is out of date when an input below a folder is newer', () => {
  const output = path.join(folder, 'out')
  const input = path.join(folder, 'src', 'a.ts')
  mkdirSync(path.dirname(input))
  writeFileSync(input, 'x')
  expect(isUpToDate(output, [path.dirname(input)])).toBe(false)
  writeFileSync(output, 'x')
  const later = new Date(Date.now() + 60_000)
  utimesSync(output, later, later)
  expect(isUpToDate(output, [path.dirname(input), path.join(folder, 'absent')])).toBe(true)
  const latest = new Date(Date.now() + 120_000)
  utimesSync(input, latest, latest)
  expect(isUpToDate(output, [path.dirname(input)])).toBe(false)
})
