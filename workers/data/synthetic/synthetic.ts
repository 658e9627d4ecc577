import { DataError } from '../data-error.ts'
import { freezeDataset, type Dataset, type DatasetSplit } from '../dataset.ts'
import { sha256Hex } from '../sha256.ts'
import { clusters } from './clusters.ts'
import type { Deviates, Draw, SyntheticRule } from './draw.ts'
import { spirals } from './spirals.ts'
import { teacher } from './teacher.ts'

export type { Deviates } from './draw.ts'

const RULES = { clusters, teacher, spirals } as const satisfies Record<string, SyntheticRule>

export type SyntheticName = keyof typeof RULES

export const SYNTHETIC_NAMES = Object.keys(RULES) as readonly SyntheticName[]

export interface SyntheticRequest {
  readonly name: SyntheticName
  readonly trainSamples: number
  readonly testSamples: number
  /** Seed of the caller's draws; part of the hash. */
  readonly seed: number
}

/** Independent streams, so that the number of training samples changes neither the rule nor the test samples. */
export type Streams = (stream: 'rule' | 'train' | 'test') => Deviates

const MAX_SAMPLES = 1_000_000

function drawSplit(name: string, { features }: SyntheticRule, draw: Draw, count: number, deviates: Deviates): DatasetSplit {
  if (!Number.isInteger(count) || count < 1 || count > MAX_SAMPLES) {
    throw new DataError('shape', `${name}: ${count} samples; choose an integer from 1 to ${MAX_SAMPLES}`)
  }
  const images = new Float32Array(count * features)
  const labels = Uint8Array.from({ length: count }, (_, k) => draw(images.subarray(k * features, (k + 1) * features), k, deviates))
  return { count, images, labels }
}

/** Size of a synthetic data set's inputs and outputs, without drawing it. */
export function syntheticShape(name: SyntheticName): { readonly features: number; readonly classes: number } {
  const { features, classes } = RULES[name]
  return { features, classes }
}

/**
 * Draws a synthetic data set. Inputs are used as drawn; the first n samples are the same however many are drawn.
 * @param streams seeded generators, one a stream
 * @throws DataError `shape` for a number of samples that cannot be drawn
 */
export function syntheticDataset({ name, trainSamples, testSamples, seed }: SyntheticRequest, streams: Streams): Dataset {
  const rule: SyntheticRule = RULES[name]
  const draw = rule.prepare(streams('rule'))
  return freezeDataset({
    name,
    hash: sha256Hex(`${rule.identity} seed ${seed}`),
    height: 1,
    width: rule.features,
    channels: 1,
    classes: rule.classes,
    train: drawSplit(name, rule, draw, trainSamples, streams('train')),
    test: drawSplit(name, rule, draw, testSamples, streams('test')),
    notes: [`${rule.note} Seed ${seed}.`],
  })
}
