import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

function lab(...argv: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'workers/cli/main.ts', ...argv], { cwd: root, encoding: 'utf8' })
  return { status, stdout, stderr }
}

describe('the process', () => {
  test('ends with 0 and speaks on standard output', () => {
    const { status, stdout } = lab('presets')
    expect([status, stdout.split('\n')[0]]).toEqual([0, expect.stringContaining('mlp50-quick')])
  })

  test('ends with 1 and one sentence on standard error when it cannot do what it is asked', () => {
    expect(lab('run', 'nothing')).toEqual({ status: 1, stdout: '', stderr: 'run needs --out FOLDER for its results\nTry: npm run lab -- help\n' })
  })
})
