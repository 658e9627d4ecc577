import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findPreset, presets } from '../../src/contracts/presets.ts'
import type { ByteSource } from '../data/source.ts'
import { buildNetwork } from '../networks/network.ts'
import { dataShape } from './sketch.ts'
import { loadTrained } from './trained.ts'

const folder = new URL('../../public/', import.meta.url)
const signal = new AbortController().signal

function source(change: (url: string, bytes: Uint8Array) => Uint8Array | null = (_, bytes) => bytes): ByteSource {
  return { baseUrl: folder.href, fetchBytes: (url) => Promise.resolve(change(url, Uint8Array.from(readFileSync(new URL(url))))) }
}

const mlp50 = findPreset('mlp50')?.experiment
if (mlp50 === undefined) throw new Error('there is no preset mlp50')
const network = buildNetwork(mlp50.network, [28, 28, 1], 10)
const load = (from: ByteSource, id = 'mlp50', settings = mlp50.network) => loadTrained(id, network, settings, from, signal)

describe('trained networks that come with the lab', () => {
  const started = presets.filter(({ experiment }) => experiment.training.start !== null)

  test.each(started.map(({ id, experiment }) => [id, experiment] as const))('the preset %s finds the network that it starts from', async (_, experiment) => {
    const { input, classes } = dataShape(experiment.dataset, { input: [1, 1, 1], classes: 2 })
    const built = buildNetwork(experiment.network, input, classes)
    const { state, card } = await loadTrained(experiment.training.start ?? '', built, experiment.network, source(), signal)
    expect(state.values).toHaveLength(built.stateLength)
    expect(state.values.every(Number.isFinite)).toBe(true)
    expect(card).toMatchObject({ id: experiment.training.start, dataset: experiment.dataset.name })
    expect(card.testAccuracy).toBeGreaterThan(0.2)
  })

  test('a name that is not there is answered with those that are', async () => {
    await expect(load(source(), 'vgg')).rejects.toMatchObject({ code: 'bad-settings', remedy: expect.stringContaining('mlp50') as string })
  })

  test('other layers are refused with those of the trained network', async () => {
    await expect(load(source(), 'mlp50', { ...mlp50.network, layers: [] })).rejects.toMatchObject({ message: expect.stringContaining('has the layers 50,50 with relu') as string })
  })

  test.each([
    ['is damaged', (url: string, bytes: Uint8Array) => (url.endsWith('.safetensors') ? bytes.map((byte, i) => (i === 900 ? byte ^ 1 : byte)) : bytes)],
    ['is missing', (url: string, bytes: Uint8Array) => (url.endsWith('.safetensors') ? null : bytes)],
    ['cannot be read', (url: string, bytes: Uint8Array) => (url.endsWith('.json') ? bytes.subarray(1) : bytes)],
  ])('a file that %s is told', async (words, change) => {
    await expect(load(source(change))).rejects.toMatchObject({ code: 'bad-weights', message: expect.stringContaining(words) as string })
  })
})
