import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Experiment } from '../contracts/experiment.ts'
import { experimentSchema } from '../contracts/experiment.ts'
import { denseLayers } from '../contracts/layers.ts'
import { findPreset, presets } from '../contracts/presets.ts'
import type { EngineChoice } from '../contracts/session.ts'
import { decodePermalink } from './decode-permalink.ts'
import { encodePermalink, MAX_READABLE } from './encode-permalink.ts'
import { experiments } from './experiment-arbitrary.test-helper.ts'
import { NO_EMBED } from './link.ts'

const quick = presets[0].experiment
const appVersion = '0.1.0'
const messages = (link: string) => decodePermalink(link).notices.map(({ message }) => message)

/** Keys of every object in reverse order. */
function reversed<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, reversed(inner)])) as T
}

describe('round trip', () => {
  test('any valid experiment comes back as it was, without a notice', () => {
    fc.assert(
      fc.property(experiments(), (experiment) => {
        const decoded = decodePermalink(encodePermalink({ experiment, appVersion }))
        expect(decoded.notices).toEqual([])
        expect(decoded.experiment).toEqual(experiment)
      }),
      { numRuns: 300, seed: 1 },
    )
  })

  test('everything beside the experiment comes back too', () => {
    const engines = fc.constantFrom<EngineChoice>('auto', 'wasm', 'wasm-relaxed', 'webgpu', 'reference')
    const fingerprints = fc.record({
      engine: fc.constantFrom('wasm' as const, 'wasm-relaxed' as const, 'webgpu' as const, 'reference' as const),
      epoch: fc.nat(5000),
      hash: fc.stringMatching(/^[0-9a-f]{8}$/),
    }, { noNullPrototype: true })
    const embeds = fc.record({
      embed: fc.boolean(),
      hideText: fc.boolean(),
      tutorial: fc.option(fc.stringMatching(/^[\w-]{1,60}$/)),
      hidden: fc.uniqueArray(fc.stringMatching(/^[a-zA-Z]{1,10}$/)).map((names) => names.sort()),
    }, { noNullPrototype: true })
    const hashes = fc.option(fc.stringMatching(/^[0-9a-f]{16}$/))
    fc.assert(
      fc.property(engines, fc.option(fingerprints), embeds, hashes, (engine, fingerprint, embed, datasetHash) => {
        const link = { experiment: quick, engine, appVersion, datasetHash, fingerprint, embed }
        expect(decodePermalink(`#${encodePermalink(link)}`)).toEqual({ ...link, notices: [] })
      }),
      { seed: 2 },
    )
  })

  test('encoding is canonical: neither the order of keys nor a detour through a link changes it', () => {
    fc.assert(
      fc.property(experiments(), (experiment) => {
        const link = encodePermalink({ experiment, appVersion })
        expect(encodePermalink({ experiment: reversed(experiment), appVersion })).toBe(link)
        expect(encodePermalink({ experiment: decodePermalink(link).experiment, appVersion })).toBe(link)
      }),
      { numRuns: 100, seed: 3 },
    )
  })

  test('an experiment of an unknown preset keeps every setting', () => {
    const experiment = { ...presets[2].experiment, preset: 'mine' }
    expect(decodePermalink(encodePermalink({ experiment, appVersion })).experiment).toEqual({ ...experiment, preset: quick.preset })
  })
})

describe('what a link looks like', () => {
  const encode = (change: Partial<Experiment>) => encodePermalink({ experiment: { ...quick, ...change }, appVersion })

  test('version and preset come first and a preset needs nothing else', () => {
    expect(encode({})).toBe('v=1&preset=mlp50-quick&app=0.1.0')
  })

  test('one seed stands for three equal ones', () => {
    expect(encode({ seeds: { ...quick.seeds, initialisation: 9, shuffle: 9, probes: 9 } })).toContain('&seed=9&')
    expect(encode({ seeds: { ...quick.seeds, shuffle: 9 } })).toContain('preset=mlp50-quick&shuffleSeed=9&')
  })

  test('settings read as words and numbers, under the names of TensorFlow Playground', () => {
    const training = { ...quick.training, learningRate: 0.02, weightDecay: 5e-4, schedule: { kind: 'exponential' as const, decay: 0.99 }, changes: [{ step: 120, learningRate: 0.05 }] }
    const network = { ...quick.network, layers: denseLayers(32, 16) }
    expect(encode({ training, network, analyses: quick.analyses.slice(0, 2) })).toBe(
      'v=1&preset=mlp50-quick&networkShape=32,16&learningRate=0.02&schedule=exp:0.99&regularizationRate=0.0005' +
        '&changes=120:lr=0.05&analyses=svd:initialiser;hessian:2.kernel:40:0:2000:0.0001:160&app=0.1.0',
    )
  })

  test('long links are compressed', () => {
    const changes = Array.from({ length: 200 }, (_, i) => ({ step: 100 * i, learningRate: 1 / (i + 3) }))
    const link = encode({ training: { ...quick.training, changes } })
    expect(link).toMatch(/^z=1\.[\w-]+$/)
    expect(link.length).toBeLessThan(2 * MAX_READABLE)
    expect(decodePermalink(link).experiment.training.changes).toEqual(changes)
  })
})

describe('links from elsewhere', () => {
  test('no text ever throws, and what comes out is a valid experiment', () => {
    const keys = fc.constantFrom('v', 'z', 'preset', 'seed', 'networkShape', 'changes', 'analyses', 'panels', 'clip', 'schedule', 'fp', 'engine', '__proto__', 'x_hide')
    const pieces = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('1', '-1', '1e999', 'NaN', '', 'none', '1.', 'toString:', '0:toString=1', 'hessian:all:::::', '%', '&', '='))
    const links = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.tuple(keys, pieces), { maxLength: 12 }).map((pairs) => pairs.map(([key, text]) => `${key}=${text}`).join('&')),
    )
    fc.assert(
      fc.property(links, links, (fragment, query) => {
        const { experiment, notices } = decodePermalink(fragment, query)
        expect(experimentSchema.safeParse(experiment)).toEqual({ success: true, data: experiment })
        expect(notices.length).toBeLessThanOrEqual(21)
      }),
      { numRuns: 1000, seed: 4 },
    )
  })

  test('a payload cut off or altered anywhere gives the default experiment and a notice', () => {
    const changes = Array.from({ length: 100 }, (_, i) => ({ step: 100 * i, learningRate: 1 / (i + 3) }))
    const link = encodePermalink({ experiment: { ...quick, training: { ...quick.training, changes } }, appVersion })
    const damaged = fc.integer({ min: 4, max: link.length - 1 }).chain((at) =>
      fc.constantFrom(link.slice(0, at), link.slice(0, at) + (link[at] === 'A' ? 'B' : 'A') + link.slice(at + 1)),
    )
    fc.assert(
      fc.property(damaged, (text) => {
        const { experiment, notices } = decodePermalink(text)
        const unharmed = notices.length === 0
        expect(experiment.training.changes).toEqual(unharmed ? changes : [])
      }),
      { numRuns: 500, seed: 5 },
    )
    expect(messages(link.slice(0, 200))).toEqual(['z: the compressed part of the link is damaged, cut off or of a newer kind; used the preset'])
  })

  test.each([
    ['batchSize=0', 'batchSize: got "0", expected at least 1; used 1'],
    ['batchSize=99999', 'batchSize: got "99999", expected at most 8192; used 8192'],
    ['batchSize=3.5', 'batchSize: got "3.5", expected a whole number; used 32'],
    ['learningRate=fast', 'learningRate: got "fast", expected a number; used 0.01'],
    ['learningRate=0', 'learningRate: got "0", expected above 0; used 0.01'],
    ['activation=swish', 'activation: got "swish", expected one of relu, tanh, sigmoid, softplus, gelu; used relu'],
    ['networkShape=8×10', 'networkShape: got "8×10", at 0 "8×10": expected layers such as 50, c6x5, p2 or r16b; used 50,50'],
    ['preset=vgg', `preset: got "vgg", expected one of ${presets.map(({ id }) => id).join(', ')}; used mlp50-quick`],
    ['changes=5:lr=1;oops', 'changes: got "5:lr=1;oops", at 1.step: expected a number; used 5:lr=1'],
    ['v=2', 'v: the link is of version 2, this page reads up to 1; used what it knows'],
    ['v=0', 'v: got "0", expected a version from 1 on; used 1'],
    ['noise=25', '"noise": no such setting in a link; ignored'],
    ['epochs=3&epochs=4', 'epochs: given more than once in the link; used the last'],
    ['fp=webgl.1-aa', 'fp: got "webgl.1-aa", expected a fingerprint such as wasm.10-3fa94b21; used nothing'],
  ])('%s is told: %s', (link, message) => {
    expect(messages(link)).toEqual([message])
  })

  test('a preset can be named in the query, and the fragment counts more', () => {
    expect(decodePermalink('', '?preset=mlp50-whole&utm_source=mail')).toEqual({
      experiment: presets[1].experiment,
      engine: 'auto',
      appVersion: null,
      datasetHash: null,
      fingerprint: null,
      embed: NO_EMBED,
      notices: [],
    })
    expect(decodePermalink('#preset=mlp50-paper', '?preset=mlp50-whole&embed=1')).toMatchObject({
      experiment: findPreset('mlp50-paper')?.experiment,
      embed: { embed: true },
    })
  })

  test('nothing at all is the default preset', () => {
    expect(decodePermalink('#')).toMatchObject({ experiment: quick, notices: [] })
  })

  test('a net by name sets the layers, order of keys does not matter', () => {
    expect(decodePermalink('seed=1&net=mlp256').experiment.network.layers).toEqual(denseLayers(256, 128, 64))
    expect(decodePermalink('probeSeed=2&seed=1').experiment.seeds).toEqual({ initialisation: 1, shuffle: 1, probes: 2, repeats: 1 })
  })

  test('percent signs and blanks put in by other programs are read', () => {
    const { experiment, notices } = decodePermalink('networkShape=20%2C10&selection=2.kernel 2.bias')
    expect(notices).toEqual([])
    expect(experiment).toMatchObject({ network: { layers: denseLayers(20, 10) }, measurement: { selection: '2.kernel+2.bias' } })
  })
})
