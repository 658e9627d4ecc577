/** The data set that an experiment asks for: some of the classes, the first samples of them, some labels wrong on purpose. */
import { DataError } from './data-error.ts'
import { freezeDataset, type Dataset, type DatasetSplit } from './dataset.ts'
import { sha256Hex } from './sha256.ts'
import { firstRows, takeRows } from './split-rows.ts'

export interface Derivation {
  /** Classes to keep, renumbered from 0 in ascending order; null keeps all. */
  readonly classes: readonly number[] | null
  /** The first so many samples of what remains, at most all. */
  readonly trainSamples: number
  readonly testSamples: number
  /** Share of the training labels, 0 to 1, that become another class at random. */
  readonly labelNoise: number
  /** Seed of the caller's draws for the noise; part of the hash. */
  readonly noiseSeed: number
}

/** The caller's seeded draws. */
export interface Draws {
  /** 0 … n−1 in random order. */
  permutation(n: number): Uint32Array
  /** Integer from 0 to n−1, each as likely. */
  below(n: number): number
}

/**
 * The chosen classes in ascending order, or null when that is all of them.
 * @throws DataError `shape` for less than two classes, or one that is not there
 */
export function chosenClasses(chosen: readonly number[] | null, classes: number, name: string): readonly number[] | null {
  if (chosen === null) return null
  const kept = [...new Set(chosen)].sort((a, b) => a - b)
  const foreign = kept.find((label) => !Number.isInteger(label) || label < 0 || label >= classes)
  if (foreign !== undefined) throw new DataError('shape', `${name}: class ${foreign} in the class filter; choose from 0 to ${classes - 1}`)
  if (kept.length < 2) throw new DataError('shape', `${name}: the class filter keeps ${kept.length === 0 ? 'no class' : `only class ${kept[0]}`}; choose at least 2`)
  return kept.length === classes ? null : kept
}

function keepClasses(split: DatasetSplit, kept: readonly number[], which: string, { name }: Dataset): DatasetSplit {
  const renumbered = new Map(kept.map((label, at) => [label, at]))
  const rows = Uint32Array.from(split.labels.keys()).filter((row) => renumbered.has(split.labels[row]))
  const chosen = takeRows(split, rows)
  if (chosen.count === 0) throw new DataError('value', `${name}: none of the ${split.count} ${which} samples is of class ${kept.join(', ')}; use more ${which} samples or other classes`)
  return { ...chosen, labels: chosen.labels.map((label) => renumbered.get(label) ?? 0) }
}

function filtered(dataset: Dataset, kept: readonly number[]): Dataset {
  const names = dataset.classNames
  const present = new Set(dataset.train.labels)
  const absent = kept.find((label) => !present.has(label))
  if (absent !== undefined) throw new DataError('value', `${dataset.name}: none of the ${dataset.train.count} training samples is of class ${absent}; use more training samples or leave that class out`)
  const titles = kept.map((label) => names?.[label] ?? label).join(', ')
  return {
    ...dataset,
    hash: sha256Hex(`${dataset.hash} classes ${kept.join()}`),
    classes: kept.length,
    ...(names && { classNames: kept.map((label) => names[label]) }),
    train: keepClasses(dataset.train, kept, 'training', dataset),
    test: keepClasses(dataset.test, kept, 'test', dataset),
    notes: [...dataset.notes, `Classes ${titles} of ${dataset.classes}, numbered from 0 in this order.`],
  }
}

function limited(dataset: Dataset, { trainSamples, testSamples }: Derivation): Dataset {
  const notes: string[] = []
  const first = (which: string, split: DatasetSplit, wanted: number) => {
    if (!Number.isInteger(wanted) || wanted < 1) throw new DataError('shape', `${dataset.name}: ${which}Samples=${wanted}; choose an integer from 1 to ${split.count}`)
    if (wanted > split.count) notes.push(`There are ${split.count} ${which} samples, ${wanted} were asked for.`)
    return wanted < split.count ? firstRows(split, wanted) : split
  }
  const train = first('train', dataset.train, trainSamples)
  const test = first('test', dataset.test, testSamples)
  return { ...dataset, train, test, notes: [...dataset.notes, ...notes] }
}

function wrongLabels(labels: Uint8Array, classes: number, changed: number, draws: Draws): Uint8Array {
  const out = labels.slice()
  for (const at of draws.permutation(labels.length).subarray(0, changed)) {
    const other = draws.below(classes - 1)
    out[at] = other < labels[at] ? other : other + 1
  }
  return out
}

function noisy(dataset: Dataset, { labelNoise, noiseSeed }: Derivation, draws: Draws): Dataset {
  if (!(labelNoise >= 0 && labelNoise <= 1)) throw new DataError('shape', `${dataset.name}: labelNoise=${labelNoise}; choose a number from 0 to 1`)
  const { train, classes } = dataset
  const changed = Math.round(labelNoise * train.count)
  if (changed === 0) return dataset
  return {
    ...dataset,
    hash: sha256Hex(`${dataset.hash} label noise ${labelNoise} seed ${noiseSeed} samples ${train.count}`),
    train: { ...train, labels: wrongLabels(train.labels, classes, changed, draws) },
    notes: [...dataset.notes, `Label noise: ${changed} of the ${train.count} training labels are another class, drawn with seed ${noiseSeed}.`],
  }
}

/**
 * Applies class filter, sample counts and label noise, in this order. Images are copied only where classes are left
 * out; test labels stay as they are.
 * @param draws from a generator seeded with `noiseSeed`
 * @throws DataError `shape` for settings that do not fit, `value` for a chosen class without samples
 */
export function deriveDataset(dataset: Dataset, derivation: Derivation, draws: Draws): Dataset {
  const kept = chosenClasses(derivation.classes, dataset.classes, dataset.name)
  const chosen = kept === null ? dataset : filtered(dataset, kept)
  return freezeDataset(noisy(limited(chosen, derivation), derivation, draws))
}
