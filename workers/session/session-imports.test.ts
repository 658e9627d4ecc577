import { denseLayers } from '../../src/contracts/layers.ts'
import { describe, expect, test } from 'vitest'
import type { FileInput } from '../../src/contracts/session.ts'
import { ndArray } from '../data/nd-array.ts'
import { writeNpz } from '../data/npz.ts'
import { writeSafetensors } from '../data/safetensors.ts'
import { ownArrays } from '../interop/own-weights.ts'
import { slotsOf } from '../interop/slots.ts'
import { initialWeights } from '../networks/initialise.ts'
import { buildNetwork } from '../networks/network.ts'
import { clusters } from '../training/test-bench.ts'
import { eventGate, miniExperiment, testLab, useData, withTraining } from './test-lab.ts'

const base = miniExperiment()
const network = buildNetwork(base.network, 12, 4)
const foreign = buildNetwork({ ...base.network, layers: denseLayers(9, 6) }, 12, 4)
const theta = initialWeights(network, 'glorotNormal', 99)

const safetensors = (of = network, weights = theta): FileInput => ({ name: 'mine.safetensors', bytes: writeSafetensors(ownArrays(slotsOf(of), weights)) })

function ownData(count = 80, features = 6, classes = 3): FileInput {
  const { images, labels } = clusters(count, features, classes)
  const test = clusters(20, features, classes, 2)
  return {
    name: 'clusters.npz',
    bytes: writeNpz({ x: ndArray(images, [count, features]), y: ndArray(labels, [count]), x_test: ndArray(test.images, [20, features]), y_test: ndArray(test.labels, [20]) }),
  }
}

async function trained() {
  const lab = await testLab()
  await lab.open()
  await lab.session.runAll()
  const before = lab.fingerprint()
  lab.clear()
  return { lab, before }
}

describe('own weights', () => {
  test.each(['mine.safetensors', 'mine.npz'])('from %s replace the initialiser', async (name) => {
    const file = name.endsWith('npz') ? { name, bytes: writeNpz(ownArrays(slotsOf(network), theta)) } : safetensors()
    const lab = await testLab()
    await lab.open(withTraining({ epochs: 0 }))
    await lab.session.importWeights([file])
    expect(lab.ofType('notice')[0].notice.message).toBe(`Started from the weights of ${name}; the link does not carry them.`)
    await lab.session.analyse(null)
    const plain = await testLab()
    await plain.open(withTraining({ epochs: 0 }))
    await plain.session.analyse(null)
    expect(lab.fingerprint()).not.toBe(plain.fingerprint())
    const { bytes } = await lab.session.exportRun()
    expect(bytes.length).toBeGreaterThan(0)
  })

  test('make a run of their own: the former one comes back with its results', async () => {
    const { lab, before } = await trained()
    await lab.session.importWeights([safetensors()])
    expect(lab.stage('training')).toBe('stale')
    await lab.session.train()
    expect(lab.fingerprint()).not.toBe(before)
    await lab.open()
    expect(lab.fingerprint()).toBe(before)
    expect(lab.stage('training')).toBe('done')
  })

  test.each([
    { name: 'another network', file: safetensors(foreign, initialWeights(foreign, 'glorotUniform', 1)), message: /dense_1\/kernel has shape .*, expected \(12, 8\) for dense_1\/kernel/ },
    { name: 'a truncated file', file: { ...safetensors(), bytes: safetensors().bytes.slice(0, -10) }, message: /bytes of elements/ },
    { name: 'weights that are not finite', file: safetensors(network, theta.map((value, i) => (i === 5 ? NaN : value))), message: /NaN at index 5/ },
    { name: 'some other file', file: { name: 'cat.png', bytes: new Uint8Array(10) }, message: /cat\.png: 10 bytes of an unknown/ },
  ])('$name are refused in words, and nothing is lost', async ({ file, message }) => {
    const { lab, before } = await trained()
    await expect(lab.session.importWeights([file])).rejects.toMatchObject({ code: 'bad-weights', message: expect.stringMatching(message) as string })
    expect(lab.events).toEqual([])
    await lab.session.analyse(null)
    expect(lab.results('spectrum')).toHaveLength(1)
    await lab.session.update({ ...base, training: { ...base.training, epochs: 4 } })
    await lab.session.train()
    expect(lab.ofType('training').at(-1)?.update.epoch).toBe(4)
    expect(before).not.toBeNull()
  })

  test('that do not fit a new network are set aside, with a word', async () => {
    const { lab } = await trained()
    await lab.session.importWeights([safetensors()])
    await lab.session.update(miniExperiment({ network: { ...base.network, layers: denseLayers(9, 6) } }))
    expect(lab.ofType('notice').at(-1)?.notice).toMatchObject({ level: 'warning', message: 'The imported weights do not fit the network 12-9-6-4.' })
  })
})

describe('a running experiment', () => {
  test.each(['importWeights', 'inspectData'] as const)('goes on when %s fails', async (call) => {
    const gate = eventGate()
    const lab = await testLab({ onEvent: gate.onEvent })
    await lab.open(withTraining({ epochs: 25 }))
    const running = lab.session.runAll()
    await gate.when((event) => event.type === 'training' && event.update.step > 5)
    const broken = { name: 'broken.npz', bytes: Uint8Array.from([80, 75, 3, 4, 0]) }
    const failing = call === 'importWeights' ? lab.session.importWeights([broken]) : useData(lab.session, broken)
    await expect(failing).rejects.toMatchObject({ code: expect.stringMatching(/^bad-/) as string })
    await running
    expect(lab.ofType('training').at(-1)?.update.epoch).toBe(25)
    expect(lab.stage('analyses')).toBe('done')
  })
})

describe('own data', () => {
  test('replace the data set and its sizes in the experiment', async () => {
    const lab = await testLab()
    await lab.open()
    await useData(lab.session, ownData())
    expect(lab.experiment()?.dataset).toMatchObject({ name: 'own', trainSamples: 80, testSamples: 20 })
    expect(lab.ofType('data').at(-1)?.data).toMatchObject({ name: 'clusters.npz', trainSamples: 80, testSamples: 20, classes: 3 })
    expect(lab.ofType('network').at(-1)?.network.layers).toBe('6-8-6-3')
    await lab.session.runAll()
    expect(lab.results('spectrum')[0].provenance).toMatchObject({ dataset: 'clusters.npz', samples: 80 })
  })

  test('may be cut to fewer samples afterwards', async () => {
    const lab = await testLab()
    await lab.open()
    await useData(lab.session, ownData())
    await lab.session.update({ ...base, dataset: { ...base.dataset, name: 'own', trainSamples: 30, testSamples: 10 } })
    expect(lab.ofType('data').at(-1)?.data).toMatchObject({ trainSamples: 30, testSamples: 10 })
  })

  test('that a link asks for are asked for, then used with the samples of the link', async () => {
    const lab = await testLab()
    const linked = miniExperiment({ dataset: { ...base.dataset, name: 'own', trainSamples: 50, testSamples: 20 } })
    await expect(lab.open(linked)).rejects.toMatchObject({ code: 'bad-data', remedy: expect.stringContaining('Drop the same') as string })
    await useData(lab.session, ownData())
    expect(lab.experiment()?.dataset).toMatchObject({ name: 'own', trainSamples: 50, testSamples: 20 })
    await lab.session.train()
    expect(lab.stage('training')).toBe('done')
  })

  test.each([
    { name: 'without y', file: { name: 'x.npz', bytes: writeNpz({ x: ndArray(new Float32Array(8), [4, 2]) }) }, message: /no array y/ },
    { name: 'cut short', file: { ...ownData(), bytes: ownData().bytes.slice(0, 900) }, message: /./ },
  ])('$name are refused, and nothing is lost', async ({ file, message }) => {
    const { lab } = await trained()
    await expect(useData(lab.session, file)).rejects.toMatchObject({ code: 'bad-data', message: expect.stringMatching(message) as string })
    expect(lab.events).toEqual([])
    await lab.session.analyse(null)
    expect(lab.results('spectrum')).toHaveLength(1)
  })

  test('with more features than the network can take are refused, and nothing is lost', async () => {
    const { lab } = await trained()
    const huge = { name: 'huge.npz', bytes: writeNpz({ x: ndArray(new Float32Array(2 * 600_000), [2, 600_000]), y: ndArray(Uint8Array.of(0, 1), [2]) }) }
    await expect(useData(lab.session, huge)).rejects.toMatchObject({ code: 'bad-settings', message: expect.stringContaining('the limit is 4000000') as string })
    await lab.session.analyse(null)
    expect(lab.results('spectrum')).toHaveLength(1)
  })
})
