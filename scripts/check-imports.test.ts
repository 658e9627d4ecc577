import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { checkImports } from './check-imports.mjs'

const made: string[] = []

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true })
})

/** Writes a tree of files and returns the rules it breaks, as `rule: from`. */
async function brokenRules(files: Record<string, string>): Promise<string[]> {
  const root = mkdtempSync(path.join(tmpdir(), 'imports-'))
  made.push(root)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
    writeFileSync(path.join(root, name), text)
  }
  const { violations } = await checkImports(root)
  return violations.map(({ rule, from }) => `${rule}: ${from}`).sort()
}

const VALUE = 'export const value = 1\n'

test('an arrow that turns back is found, a type-only one too', async () => {
  const broken = await brokenRules({
    'workers/engine/plan.ts': VALUE,
    'workers/numerics/lanczos.ts': "import { value } from '../engine/plan.ts'\nexport const twice = value * 2\n",
    'src/contracts/settings.ts': "import type { value } from '../../workers/engine/plan.ts'\nexport type T = typeof value\n",
  })
  expect(broken).toEqual([
    'src-contracts-imports: src/contracts/settings.ts',
    'workers-numerics-imports: workers/numerics/lanczos.ts',
  ])
})

test('the client may import workers as types and not as code', async () => {
  const worker = { 'workers/session/api.ts': VALUE }
  const asType = "import type { value } from '../../workers/session/api.ts'\nexport type T = typeof value\n"
  const asCode = "import { value } from '../../workers/session/api.ts'\nexport const twice = value * 2\n"
  expect(await brokenRules({ ...worker, 'src/client/connect.ts': asType })).toEqual([])
  expect(await brokenRules({ ...worker, 'src/client/connect.ts': asCode })).toEqual([
    'client-knows-workers-as-types: src/client/connect.ts',
  ])
})

test('a circle of imports is found', async () => {
  const broken = await brokenRules({
    'workers/numerics/a.ts': "import { b } from './b.ts'\nexport const a = () => b\n",
    'workers/numerics/b.ts': "import { a } from './a.ts'\nexport const b = () => a\n",
  })
  expect(broken).toContain('no-circular: workers/numerics/a.ts')
})

test('numerics may not import a module of Node, its tests may', async () => {
  const reads = "import { readFileSync } from 'node:fs'\nexport const read = readFileSync\n"
  const broken = await brokenRules({ 'workers/numerics/eigh.ts': reads, 'workers/numerics/eigh.test.ts': reads })
  expect(broken).toEqual([
    'no-node-in-the-page: workers/numerics/eigh.ts',
    'numerics-is-pure: workers/numerics/eigh.ts',
  ])
})

test('an import that follows the arrows is accepted', async () => {
  const broken = await brokenRules({
    'workers/numerics/lanczos.ts': VALUE,
    'workers/operators/hessian.ts': "import { value } from '../numerics/lanczos.ts'\nexport const twice = value * 2\n",
  })
  expect(broken).toEqual([])
})
