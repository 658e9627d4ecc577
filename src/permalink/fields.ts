import type { z } from 'zod'
import {
  datasetSchema,
  experimentSchema,
  measurementSchema,
  networkSchema,
  seedsSchema,
  trainingSchema,
  viewSchema,
  type Experiment,
  type Seeds,
} from '../contracts/experiment.ts'
import * as codecs from './codecs.ts'
import type { Codec } from './codecs.ts'
import { repair, type Repaired } from './repair.ts'

/** One key of a link: where it lives in the experiment, how it reads, what it may be. */
export interface Field {
  readonly key: string
  /** Its text, or null when it equals the preset. */
  readonly write: (experiment: Experiment, preset: Experiment) => string | null
  /** The experiment with the value read from a text; where it cannot be read, that of the experiment stays. */
  readonly read: (text: string, experiment: Experiment) => FieldReading
}

export interface FieldReading {
  readonly experiment: Experiment
  readonly problems: Repaired<unknown>['problems']
  /** The value that holds now, as it would read in a link. */
  readonly used: string
}

interface FieldParts<T> {
  readonly schema: z.ZodType<T>
  readonly codec: Codec<T>
  readonly get: (experiment: Experiment) => T
  readonly set: (experiment: Experiment, value: T) => Experiment
  readonly write?: Field['write']
}

function field<T>(key: string, { schema, codec, get, set, write }: FieldParts<T>): Field {
  const text = (experiment: Experiment) => codec.format(get(experiment))
  return {
    key,
    write: write ?? ((experiment, preset) => (text(experiment) === text(preset) ? null : text(experiment))),
    read: (given, experiment) => {
      const { value, problems } = repair(schema, codec.parse(given))
      const next = value === null && problems.length > 0 ? experiment : set(experiment, value as T)
      return { experiment: next, problems, used: text(next) }
    },
  }
}

type Section = 'dataset' | 'network' | 'training' | 'seeds' | 'measurement' | 'view'

/** A setting of one section of the experiment. */
function setting<S extends Section, K extends keyof Experiment[S] & string>(
  key: string,
  section: S,
  name: K,
  schema: z.ZodType<Experiment[S][K]>,
  codec: Codec<Experiment[S][K]>,
): Field {
  return field(key, {
    schema,
    codec,
    get: (experiment) => experiment[section][name],
    set: (experiment, value) => ({ ...experiment, [section]: { ...experiment[section], [name]: value } }),
  })
}

/** `seed` stands for all three where they are equal. */
const commonSeed = field('seed', {
  schema: seedsSchema.shape.initialisation,
  codec: codecs.decimal,
  get: ({ seeds }) => seeds.initialisation,
  set: (experiment, seed) => ({ ...experiment, seeds: { ...experiment.seeds, initialisation: seed, shuffle: seed, probes: seed } }),
  write: ({ seeds }, preset) => (oneSeed(seeds) && !sameSeeds(seeds, preset.seeds) ? String(seeds.initialisation) : null),
})

function ownSeed(key: string, name: Exclude<keyof Seeds, 'repeats'>): Field {
  return field(key, {
    schema: seedsSchema.shape[name],
    codec: codecs.decimal,
    get: ({ seeds }) => seeds[name],
    set: (experiment, seed) => ({ ...experiment, seeds: { ...experiment.seeds, [name]: seed } }),
    write: ({ seeds }, preset) => (oneSeed(seeds) || seeds[name] === preset.seeds[name] ? null : String(seeds[name])),
  })
}

function oneSeed({ initialisation, shuffle, probes }: Seeds): boolean {
  return initialisation === shuffle && shuffle === probes
}

function sameSeeds(a: Seeds, b: Seeds): boolean {
  return a.initialisation === b.initialisation && a.shuffle === b.shuffle && a.probes === b.probes
}

const { shape: dataset } = datasetSchema
const { shape: network } = networkSchema
const { shape: training } = trainingSchema
const { shape: seeds } = seedsSchema
const { shape: measurement } = measurementSchema
const { shape: view } = viewSchema

/**
 * Every setting of an experiment besides version and preset, in the order of a link. Names are those of TensorFlow
 * Playground where the meaning is the same.
 */
export const fields: readonly Field[] = [
  commonSeed,
  ownSeed('initSeed', 'initialisation'),
  ownSeed('shuffleSeed', 'shuffle'),
  ownSeed('probeSeed', 'probes'),
  setting('repeats', 'seeds', 'repeats', seeds.repeats, codecs.decimal),
  setting('dataset', 'dataset', 'name', dataset.name, codecs.word),
  setting('trainSamples', 'dataset', 'trainSamples', dataset.trainSamples, codecs.decimal),
  setting('testSamples', 'dataset', 'testSamples', dataset.testSamples, codecs.decimal),
  setting('classes', 'dataset', 'classes', dataset.classes, codecs.orNull(codecs.list(codecs.decimal, ','), 'all')),
  setting('labelNoise', 'dataset', 'labelNoise', dataset.labelNoise, codecs.decimal),
  setting('dataSeed', 'dataset', 'seed', dataset.seed, codecs.decimal),
  setting('networkShape', 'network', 'layers', network.layers, codecs.list(codecs.layer, ',')),
  setting('activation', 'network', 'activation', network.activation, codecs.word),
  setting('initialiser', 'network', 'initialiser', network.initialiser, codecs.word),
  setting('start', 'training', 'start', training.start, codecs.orNull(codecs.word, 'none')),
  setting('optimiser', 'training', 'optimiser', training.optimiser, codecs.word),
  setting('learningRate', 'training', 'learningRate', training.learningRate, codecs.decimal),
  setting('schedule', 'training', 'schedule', training.schedule, codecs.schedule),
  setting('warmup', 'training', 'warmup', training.warmup, codecs.decimal),
  setting('batchSize', 'training', 'batchSize', training.batchSize, codecs.decimal),
  setting('epochs', 'training', 'epochs', training.epochs, codecs.decimal),
  setting('momentum', 'training', 'momentum', training.momentum, codecs.decimal),
  setting('beta2', 'training', 'secondMomentum', training.secondMomentum, codecs.decimal),
  setting('epsilon', 'training', 'epsilon', training.epsilon, codecs.decimal),
  setting('clipNorm', 'training', 'clipNorm', training.clipNorm, codecs.orNull(codecs.decimal, 'none')),
  setting('regularizationRate', 'training', 'weightDecay', training.weightDecay, codecs.decimal),
  setting('decayed', 'training', 'decayed', training.decayed, codecs.word),
  setting('augmentation', 'training', 'augmentation', training.augmentation, codecs.augmentation),
  setting('changes', 'training', 'changes', training.changes, codecs.list(codecs.change, ';')),
  setting('selection', 'measurement', 'selection', measurement.selection, codecs.selection),
  setting('measureUnit', 'measurement', 'unit', measurement.unit, codecs.word),
  setting('measureEpochs', 'measurement', 'epochs', measurement.epochs, codecs.decimal),
  field('analyses', {
    schema: experimentSchema.shape.analyses,
    codec: codecs.list(codecs.analysis, ';'),
    get: ({ analyses }) => analyses,
    set: (experiment, analyses) => ({ ...experiment, analyses }),
  }),
  setting('panels', 'view', 'panels', view.panels, codecs.list(codecs.panel, ',')),
  setting('focus', 'view', 'focus', view.focus, codecs.orNull(codecs.word, 'none')),
  setting('clip', 'view', 'clip', view.clip, codecs.orNull(codecs.decimal, 'auto')),
  setting('logLoss', 'view', 'logLoss', view.logLoss, codecs.flag),
  setting('checkpoint', 'view', 'checkpoint', view.checkpoint, codecs.orNull(codecs.decimal, 'last')),
  setting('kernel', 'view', 'kernel', view.kernel, codecs.orNull(codecs.decimal, 'auto')),
]
