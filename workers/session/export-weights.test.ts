import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { layersOf } from '../../src/contracts/layers.ts'
import { analysisOf, miniExperiment, testLab } from './test-lab.ts'

const python = '/usr/bin/python3'
const hasTorch = spawnSync(python, ['-c', 'import torch, numpy']).status === 0
if (!hasTorch) console.warn('No PyTorch at /usr/bin/python3: the exported script is not run.')

const base = miniExperiment()

const experiments = {
  MLP: base,
  'convolutional network with batch norm and weight decay': miniExperiment({
    network: { layers: layersOf('c3x3b,p2,r4/2b,g,6'), activation: 'relu', initialiser: 'heNormal' },
    training: { ...base.training, weightDecay: 0.002, epochs: 2 },
    analyses: [analysisOf({ kind: 'hessian', selection: 'all', samples: 60, largest: 4, smallest: 2, tolerance: 1e-5, maxProducts: 120 })],
  }),
}

describe('weights for other programs', () => {
  test.each(['npz', 'safetensors', 'keras', 'tfjs'] as const)('%s comes back as the same weights', async (format) => {
    const lab = await testLab()
    await lab.open(experiments['convolutional network with batch norm and weight decay'])
    await lab.session.runAll()
    const fingerprint = lab.fingerprint()
    const file = await lab.session.exportWeights(format)
    const other = await testLab()
    const untrained = experiments['convolutional network with batch norm and weight decay']
    await other.open({ ...untrained, training: { ...untrained.training, epochs: 0 } })
    await other.session.importWeights([file])
    await other.session.train()
    expect(other.fingerprint()).toBe(fingerprint)
  })

  test('the PyTorch script needs a Hessian analysis to repeat', async () => {
    const lab = await testLab()
    await lab.open()
    await expect(lab.session.exportWeights('pytorch')).rejects.toMatchObject({ code: 'not-ready' })
  })

  test.skipIf(!hasTorch).each(Object.entries(experiments))('the PyTorch script prints the same numbers: %s', async (_, experiment) => {
    const lab = await testLab()
    await lab.open(experiment)
    await lab.session.runAll()
    const { bytes } = await lab.session.exportWeights('pytorch')
    const folder = mkdtempSync(join(tmpdir(), 'hessian-lab-'))
    try {
      for (const [name, content] of Object.entries(unzipSync(bytes))) writeFileSync(join(folder, name), content)
      const { status, stdout, stderr } = spawnSync(python, ['analyse.py'], { cwd: folder, encoding: 'utf8' })
      expect(status, stdout + stderr).toBe(0)
      expect(stdout).toMatch(/loss/i)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 60_000)
})
