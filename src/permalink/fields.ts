import type { z } from 'zod'
import { statisticsSchema } from '../contracts/spectral.ts'
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
import { analysis } from './analysis-codec.ts'
import * as basic from './codec.ts'
import type { Codec } from './codec.ts'
import * as codecs from './codecs.ts'
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

type Section = 'dataset' | 'network' | 'training' | 'seeds' | 'measurement' | 'statistics' | 'view'

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
  codec: basic.decimal,
  get: ({ seeds }) => seeds.initialisation,
  set: (experiment, seed) => ({ ...experiment, seeds: { ...experiment.seeds, initialisation: seed, shuffle: seed, probes: seed } }),
  write: ({ seeds }, preset) => (oneSeed(seeds) && !sameSeeds(seeds, preset.seeds) ? String(seeds.initialisation) : null),
})

function ownSeed(key: string, name: Exclude<keyof Seeds, 'repeats'>): Field {
  return field(key, {
    schema: seedsSchema.shape[name],
    codec: basic.decimal,
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
const { shape: statistics } = statisticsSchema
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
  setting('repeats', 'seeds', 'repeats', seeds.repeats, basic.decimal),
  setting('dataset', 'dataset', 'name', dataset.name, basic.word),
  setting('trainSamples', 'dataset', 'trainSamples', dataset.trainSamples, basic.decimal),
  setting('testSamples', 'dataset', 'testSamples', dataset.testSamples, basic.decimal),
  setting('classes', 'dataset', 'classes', dataset.classes, basic.orNull(basic.list(basic.decimal, ','), 'all')),
  setting('labelNoise', 'dataset', 'labelNoise', dataset.labelNoise, basic.decimal),
  setting('dataSeed', 'dataset', 'seed', dataset.seed, basic.decimal),
  setting('networkShape', 'network', 'layers', network.layers, basic.list(codecs.layer, ',')),
  setting('activation', 'network', 'activation', network.activation, basic.word),
  setting('initialiser', 'network', 'initialiser', network.initialiser, basic.word),
  setting('start', 'training', 'start', training.start, basic.orNull(basic.word, 'none')),
  setting('optimiser', 'training', 'optimiser', training.optimiser, basic.word),
  setting('learningRate', 'training', 'learningRate', training.learningRate, basic.decimal),
  setting('schedule', 'training', 'schedule', training.schedule, codecs.schedule),
  setting('warmup', 'training', 'warmup', training.warmup, basic.decimal),
  setting('batchSize', 'training', 'batchSize', training.batchSize, basic.decimal),
  setting('epochs', 'training', 'epochs', training.epochs, basic.decimal),
  setting('momentum', 'training', 'momentum', training.momentum, basic.decimal),
  setting('beta2', 'training', 'secondMomentum', training.secondMomentum, basic.decimal),
  setting('epsilon', 'training', 'epsilon', training.epsilon, basic.decimal),
  setting('clipNorm', 'training', 'clipNorm', training.clipNorm, basic.orNull(basic.decimal, 'none')),
  setting('regularizationRate', 'training', 'weightDecay', training.weightDecay, basic.decimal),
  setting('decayed', 'training', 'decayed', training.decayed, basic.word),
  setting('augmentation', 'training', 'augmentation', training.augmentation, codecs.augmentation),
  setting('changes', 'training', 'changes', training.changes, basic.list(codecs.change, ';')),
  setting('selection', 'measurement', 'selection', measurement.selection, basic.selection),
  setting('measureUnit', 'measurement', 'unit', measurement.unit, basic.word),
  setting('measureEpochs', 'measurement', 'epochs', measurement.epochs, basic.decimal),
  field('analyses', {
    schema: experimentSchema.shape.analyses,
    codec: basic.list(analysis, ';'),
    get: ({ analyses }) => analyses,
    set: (experiment, analyses) => ({ ...experiment, analyses }),
  }),
  field('monitor', {
    schema: experimentSchema.shape.monitor,
    codec: codecs.monitor,
    get: ({ monitor }) => monitor,
    set: (experiment, monitor) => ({ ...experiment, monitor }),
  }),
  setting('unfoldingWindow', 'statistics', 'unfoldingWindow', statistics.unfoldingWindow, basic.decimal),
  setting('averagingWindow', 'statistics', 'averagingWindow', statistics.averagingWindow, basic.decimal),
  setting('nullVectors', 'statistics', 'nullVectors', statistics.nullVectors, basic.decimal),
  setting('weightsEpoch', 'statistics', 'weightsEpoch', statistics.weightsEpoch, basic.orNull(basic.decimal, 'none')),
  setting('panels', 'view', 'panels', view.panels, basic.list(codecs.panel, ',')),
  setting('focus', 'view', 'focus', view.focus, basic.orNull(basic.word, 'none')),
  setting('clip', 'view', 'clip', view.clip, basic.orNull(basic.decimal, 'auto')),
  setting('logLoss', 'view', 'logLoss', view.logLoss, basic.flag),
  setting('checkpoint', 'view', 'checkpoint', view.checkpoint, basic.orNull(basic.decimal, 'last')),
  setting('kernel', 'view', 'kernel', view.kernel, basic.orNull(basic.decimal, 'auto')),
  setting('bandwidth', 'view', 'bandwidth', view.bandwidth, codecs.bandwidth),
]
