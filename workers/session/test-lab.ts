import { denseLayers } from '../../src/contracts/layers.ts'
import type { z } from 'zod'
import { analysisSchema, type Analysis, type Experiment } from '../../src/contracts/experiment.ts'
import { findPreset } from '../../src/contracts/presets.ts'
import type { LabResult } from '../../src/contracts/results.ts'
import type { EngineChoice, FileInput, LabEvent, LabSession, Stage, StageState } from '../../src/contracts/session.ts'
import { deflateSync } from 'fflate'
import { indexHash, type DatasetIndex } from '../data/dataset-index.ts'
import { sha256Hex } from '../data/sha256.ts'
import type { ByteSource } from '../data/source.ts'
import { createRandom } from '../numerics/random.ts'
import { createBreath } from '../parallel/breathe.ts'
import { cpuEngines } from './engine-sources.ts'
import type { EngineSource, SessionEnvironment } from './environment.ts'
import { createSession } from './session.ts'
import { createMemoryStore, type ResultStore } from './store.ts'

const SHAPE = { height: 4, width: 3, channels: 1 }
const PIXELS = 12
const CLASSES = 4
export const MINI_TRAIN = 240
export const MINI_TEST = 60

/** Noisy images of four patterns, as a prepared data set under the name of MNIST. */
export function miniSource(onFetch: (url: string) => void = () => undefined): ByteSource {
  const files = new Map<string, Uint8Array>()
  const shard = (stem: string, bytes: Uint8Array) => {
    const sha256 = sha256Hex(bytes)
    const [file, compressed] = [`${stem}.${sha256.slice(0, 12)}.shard`, deflateSync(bytes)]
    files.set(file, compressed)
    return { file, bytes: bytes.length, compressedBytes: compressed.length, sha256 }
  }
  const split = (name: string, count: number) => ({
    count,
    labels: shard(`${name}-labels`, Uint8Array.from({ length: count }, (_, i) => i % CLASSES)),
    images: [{ first: 0, count, ...shard(`${name}-images-00`, images(name, count)) }],
  })
  const content = { name: 'mnist', version: 'mini@1', format: 'uint8-deflate-raw-1' as const, ...SHAPE, classes: CLASSES, splits: { train: split('train', MINI_TRAIN), test: split('test', MINI_TEST) } }
  const index: DatasetIndex = { ...content, sha256: indexHash(content) }
  files.set('index.json', new TextEncoder().encode(JSON.stringify(index)))
  return {
    baseUrl: './',
    fetchBytes: (url, signal) => {
      onFetch(url)
      signal?.throwIfAborted()
      return Promise.resolve(files.get(url.replace('./data/mnist/', '')) ?? null)
    },
  }
}

function images(name: string, count: number): Uint8Array {
  const patterns = createRandom(1, 'patterns')
  const centres = Float64Array.from({ length: CLASSES * PIXELS }, () => 60 + 130 * patterns.uniform())
  const noise = createRandom(1, name)
  return Uint8Array.from({ length: count * PIXELS }, (_, i) => centres[(Math.floor(i / PIXELS) % CLASSES) * PIXELS + (i % PIXELS)] + 40 * noise.uniform())
}

const quick = findPreset('mlp50-quick')?.experiment

/** An analysis with the usual settings where none are given. */
export function analysisOf<K extends Analysis['kind']>(given: Extract<z.input<typeof analysisSchema>, { kind: K }>): Extract<Analysis, { kind: K }> {
  return analysisSchema.parse(given) as Extract<Analysis, { kind: K }>
}

/** A whole experiment that takes a fraction of a second on the mini data set: 12-8-6-4, 190 parameters. */
export function miniExperiment(changes: Partial<Experiment> = {}): Experiment {
  if (quick === undefined) throw new Error('there is no quick preset')
  return {
    ...quick,
    dataset: { ...quick.dataset, trainSamples: MINI_TRAIN, testSamples: MINI_TEST },
    network: { layers: denseLayers(8, 6), activation: 'relu', initialiser: 'glorotUniform' },
    training: { ...quick.training, epochs: 3, batchSize: 16, learningRate: 0.05, momentum: 0.5 },
    measurement: { selection: '2.kernel', unit: 'batch', epochs: 2 },
    analyses: [
      analysisOf({ kind: 'singularValues', edge: 'initialiser' }),
      analysisOf({ kind: 'hessian', selection: '2.kernel', samples: 200, largest: 5, smallest: 2, tolerance: 1e-4, maxProducts: 48 }),
      analysisOf({ kind: 'principalComponents', components: 6 }),
    ],
    ...changes,
  }
}

export const withTraining = (changes: Partial<Experiment['training']>, base = miniExperiment()): Experiment => ({ ...base, training: { ...base.training, ...changes } })

export interface TestLab {
  readonly session: LabSession
  readonly events: LabEvent[]
  readonly environment: SessionEnvironment
  /** Forgets the events so far. */
  clear(): void
  ofType<T extends LabEvent['type']>(type: T): Extract<LabEvent, { type: T }>[]
  stage(stage: Stage): StageState | undefined
  results<K extends LabResult['kind']>(kind: K): Extract<LabResult, { kind: K }>[]
  fingerprint(): string | null | undefined
  experiment(): Experiment | undefined
  open(experiment?: Experiment, engine?: EngineChoice): Promise<void>
}

export interface TestLabOptions {
  readonly engines?: readonly EngineSource[]
  readonly store?: ResultStore
  readonly source?: ByteSource
  readonly onEvent?: (event: LabEvent) => void
}

/** A connected session on the mini data set, with all events that it has told. */
export async function testLab({ engines = cpuEngines, store = createMemoryStore(null), source = miniSource(), onEvent }: TestLabOptions = {}): Promise<TestLab> {
  const environment: SessionEnvironment = { engines, data: () => source, store, now: () => performance.now(), breathe: createBreath(), threads: null, linalgThreads: null, gpu: () => Promise.resolve(null), appVersion: 'test' }
  const session = createSession(environment)
  const events: LabEvent[] = []
  await session.connect((event) => {
    events.push(event)
    onEvent?.(event)
  })
  const ofType = <T extends LabEvent['type']>(type: T) => events.filter((event): event is Extract<LabEvent, { type: T }> => event.type === type)
  return {
    session,
    events,
    environment,
    clear: () => void events.splice(0),
    ofType,
    stage: (stage) => ofType('stage').findLast((event) => event.stage === stage)?.status.state,
    results: <K extends LabResult['kind']>(kind: K) =>
      ofType('result').flatMap(({ result }) => (result.kind === kind ? [result as Extract<LabResult, { kind: K }>] : [])),
    fingerprint: () => ofType('training').at(-1)?.update.fingerprint,
    experiment: () => ofType('experiment').at(-1)?.experiment,
    open: (experiment = miniExperiment(), engine = 'wasm') => session.open(experiment, { engine, dataUrl: 'data/' }),
  }
}

/** Resolves at the first event that fits, from now on; use with `onEvent`. */
export function eventGate(): { readonly onEvent: (event: LabEvent) => void; when(fits: (event: LabEvent) => boolean): Promise<LabEvent> } {
  const waiting: { fits: (event: LabEvent) => boolean; resolve: (event: LabEvent) => void }[] = []
  return {
    onEvent: (event) => {
      for (const entry of waiting.splice(0)) {
        if (entry.fits(event)) entry.resolve(event)
        else waiting.push(entry)
      }
    },
    when: (fits) => new Promise((resolve) => waiting.push({ fits, resolve })),
  }
}

/** Reads a data file and uses it at once. */
export async function useData(session: LabSession, file: FileInput): Promise<void> {
  await session.inspectData([file], { testShare: 0 })
  await session.adoptData()
}
