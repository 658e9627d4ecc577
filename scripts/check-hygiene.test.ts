import { expect, test } from 'vitest'
import { lockOffences, offencesIn } from './check-hygiene.mjs'

test.each([
  ['a leftover mark', `// ${'TO' + 'DO'}: later`],
  ['a silenced lint rule', `// eslint-${'disable'}-next-line @typescript-eslint/no-explicit-any`],
  ['a silenced compiler', `// @ts-${'ignore'}`],
  ['a registry host', `const url = 'https://${'registry'}.example.org/x'`],
  ['a home folder', `const file = '${'/home'}/someone/x'`],
])('%s is an offence', (_name, line) => {
  expect(offencesIn('src/app/a.ts', `${line}\n`)).toHaveLength(1)
})

test.each([
  ['a silenced lint rule of another kind', '// eslint-disable-next-line no-console'],
  ['an import from a folder called work', "import { x } from './work/x.ts'"],
])('%s is none', (_name, line) => {
  expect(offencesIn('src/app/a.ts', `${line}\n`)).toEqual([])
})

test('a source file may have 400 lines and not 401', () => {
  expect(offencesIn('src/app/a.ts', 'x\n'.repeat(400))).toEqual([])
  expect(offencesIn('src/app/a.ts', 'x\n'.repeat(401))).toHaveLength(1)
  expect(offencesIn('fixtures/a.ts', 'x\n'.repeat(401))).toEqual([])
})

test('a resolved address in the lock file is an offence', () => {
  const lock = (resolved?: string) => JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0', resolved } } })
  expect(lockOffences(lock())).toEqual([])
  expect(lockOffences(lock('https://example.org/a.tgz'))).toHaveLength(1)
})
