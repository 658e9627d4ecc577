import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ndArray } from '../data/nd-array.ts'
import { writeNpz } from '../data/npz.ts'
import { cpuEngines } from '../session/engine-sources.ts'
import { miniExperiment, miniSource } from '../session/test-lab.ts'
import { clusters } from '../training/test-bench.ts'
import { parseCommand } from './arguments.ts'
import { execute } from './execute.ts'
import { nodeEnvironment } from './node-environment.ts'

const FILES = ['arrays.npz', 'manifest.json', 'metrics.csv', 'weights.safetensors']

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function lab(...argv: string[]): Promise<string[]> {
  const lines: string[] = []
  const environment = () => ({ ...nodeEnvironment(cpuEngines), data: () => miniSource() })
  await execute(parseCommand(argv), (line) => lines.push(line), environment)
  return lines
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

const experimentFile = (changes = {}): Promise<string> => file('experiment.json', JSON.stringify({ ...miniExperiment(), ...changes }))

describe('a run', () => {
  test('of a tiny experiment file writes four files and tells what it does', async () => {
    const out = join(folder, 'new', 'results')
    const lines = await lab('run', await experimentFile(), '--engine', 'cpu', '--out', out)
    expect((await readdir(out)).sort()).toEqual(FILES)
    const manifest = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as Record<string, unknown>
    expect(manifest).toMatchObject({ engine: 'wasm', experiment: miniExperiment() })
    expect(lines).toContain('Data: mnist, 240 + 60 samples')
    expect(lines).toContain('Network: 12-8-6-4, 186 parameters')
    expect(lines.filter((line) => line.startsWith('Epoch')).map((line) => line.slice(0, 12))).toEqual(['Epoch 0 of 3', 'Epoch 1 of 3', 'Epoch 2 of 3', 'Epoch 3 of 3'])
    expect(lines.find((line) => line.startsWith('Hessian of 2.kernel: λ₁'))).toMatch(/7 of 7 converged after \d+ products \(converged\)/)
    expect(lines.at(-1)).toBe(`Results are in ${out}: manifest.json, weights.safetensors, arrays.npz, metrics.csv.`)
  })

  test('twice gives the same bytes, times excepted', async () => {
    const experiment = await experimentFile()
    for (const name of ['a', 'b']) await lab('run', experiment, '--engine', 'cpu', '--out', join(folder, name))
    for (const name of ['arrays.npz', 'weights.safetensors', 'metrics.csv']) {
      expect(await readFile(join(folder, 'a', name))).toEqual(await readFile(join(folder, 'b', name)))
    }
  })

  test('goes on from exported weights', async () => {
    const out = join(folder, 'a')
    await lab('run', await experimentFile(), '--engine', 'cpu', '--out', out)
    const still = await experimentFile({ training: { ...miniExperiment().training, epochs: 0 } })
    await lab('run', still, '--engine', 'cpu', '--out', join(folder, 'b'), '--weights', join(out, 'weights.safetensors'))
    expect(await readFile(join(folder, 'b', 'weights.safetensors'))).toEqual(await readFile(join(out, 'weights.safetensors')))
  })

  test('takes own data', async () => {
    const { images, labels } = clusters(60, 5, 3)
    const data = await file('own.npz', writeNpz({ x: ndArray(images, [60, 5]), y: ndArray(labels, [60]) }))
    const lines = await lab('run', await experimentFile(), '--engine', 'cpu', '--out', join(folder, 'out'), '--data', data)
    expect(lines).toContain('Data: own.npz, 60 + 60 samples')
  })

  test('that fails on the way fails, and writes what it has reached', async () => {
    const [, hessian] = miniExperiment().analyses
    const out = join(folder, 'out')
    const broken = await experimentFile({ analyses: [hessian, { ...hessian, maxProducts: 2 }] })
    await expect(lab('run', broken, '--engine', 'cpu', '--out', out)).rejects.toMatchObject({ code: 'bad-settings' })
    expect((await readdir(out)).sort()).toEqual(FILES)
  })
})

describe('what cannot be run', () => {
  test('a bad experiment gives path, value and what was expected', async () => {
    const path = await experimentFile({ training: { ...miniExperiment().training, epochs: -3 } })
    await expect(lab('run', path, '--out', folder)).rejects.toThrow(`${path}: training.epochs: got -3, expected at least 0`)
  })

  test('a file that is not JSON', async () => {
    await expect(lab('run', await file('x.json', '{"preset":'), '--out', folder)).rejects.toThrow('x.json is not JSON')
  })

  test('a name that is neither preset nor file', async () => {
    await expect(lab('run', 'mlp5000', '--out', folder)).rejects.toThrow('"mlp5000" is neither a preset (mlp50-quick')
  })

  test('weights that are not there', async () => {
    await expect(lab('run', await experimentFile(), '--out', folder, '--weights', join(folder, 'none.npz'))).rejects.toThrow('none.npz" cannot be read')
  })

  test('weights of another network', async () => {
    const path = await file('w.npz', writeNpz({ theta: ndArray(new Float32Array(7), [7]) }))
    await expect(lab('run', await experimentFile(), '--engine', 'cpu', '--out', folder, '--weights', path)).rejects.toMatchObject({ code: 'bad-weights' })
  })
})

test('presets and help are told line by line', async () => {
  expect((await lab('presets'))[0]).toMatch(/^mlp50-quick +MLP 50 on MNIST, quick\. /)
  expect((await lab('help'))[0]).toContain('--engine ENGINE')
})
