import { DataError } from './data-error.ts'
import { freezeDataset, type Dataset, type DatasetSplit, type ImageShape } from './dataset.ts'
import { shapeText, sizeOf, type NdArray } from './nd-array.ts'
import { readNpz } from './npz.ts'
import { imageShape, ownImages } from './own-images.ts'
import { countClasses, emptyClasses, ownLabels } from './own-labels.ts'
import { constantNote } from './preprocess.ts'
import { sha256Hex } from './sha256.ts'
import { firstRows, takeRows } from './split-rows.ts'
import { stableOrder } from './stable-order.ts'

export interface OwnDataOptions {
  readonly name?: string
  /** The first so many samples; all that there are by default and at most. */
  readonly trainSamples?: number
  readonly testSamples?: number
  /** Share of the samples, 0 to 0.5, that becomes the test split where the data have none; always the same samples. */
  readonly testShare?: number
}

export interface OwnArrays {
  /** (N, features), (N, H, W) or (N, H, W, C), bytes or floats. */
  readonly x: NdArray
  /** (N,), classes from 0. */
  readonly y: NdArray
  readonly test?: { readonly x: NdArray; readonly y: NdArray }
  readonly classNames?: readonly string[]
  /** How the file was read, where that was a choice. */
  readonly notes?: readonly string[]
}

/** float32 values of one split: 2 GB, what a browser tab can be expected to give. */
const MAX_VALUES = 5e8
const MAX_TEST_SHARE = 0.5
const STAND_IN = 'There is no test split: the training samples are also used as test samples, so test results say nothing about generalisation.'

function contentHash({ x, y, test }: OwnArrays): string {
  const parts = test ? [x, y, test.x, test.y] : [x, y]
  return sha256Hex(...parts.flatMap((array) => [`${array.dtype} ${shapeText(array.shape)}\n`, array.data]))
}

function sampleCount(which: string, wanted: number | undefined, available: number): number {
  if (wanted === undefined) return available
  if (!Number.isInteger(wanted) || wanted < 1) {
    throw new DataError('shape', `own data: ${which}=${wanted}; choose an integer from 1 to ${available}`)
  }
  return Math.min(wanted, available)
}

function checkMemory(name: string, count: number, features: number): void {
  if (count * features > MAX_VALUES) {
    throw new DataError('shape', `${name}: ${count} samples of ${features} values are ${((count * features * 4) / 1e9).toFixed(1)} GB, the limit is 2 GB; use at most ${Math.floor(MAX_VALUES / features)} samples`)
  }
}

interface Built {
  readonly train: DatasetSplit
  readonly test: DatasetSplit
  readonly hash: string
  /** Labels of all samples that training may use, loaded or not. */
  readonly available: Uint8Array
  /** Images with a constant channel. */
  readonly constant: number
  /** How the test split came about, where the file has none. */
  readonly notes: readonly string[]
}

interface Source {
  readonly arrays: OwnArrays
  readonly shape: ImageShape
  readonly labels: Uint8Array
  readonly testLabels: Uint8Array
  readonly options: OwnDataOptions
}

function buildSplit(name: string, x: NdArray, labels: Uint8Array, shape: ImageShape, count: number): { split: DatasetSplit; constant: number } {
  checkMemory(name, count, sizeOf(x.shape.slice(1)))
  const { constant, ...images } = ownImages(name, x, shape, count)
  return { split: { count, labels: labels.slice(0, count), ...images }, constant }
}

/** The file's own splits, or the training samples standing in for the test samples. */
function givenSplits({ arrays, shape, labels, testLabels, options: { trainSamples, testSamples } }: Source): Built {
  const { x, test } = arrays
  const train = buildSplit('x', x, labels, shape, sampleCount('trainSamples', trainSamples, labels.length))
  const testCount = sampleCount('testSamples', testSamples, testLabels.length)
  const own = test ? buildSplit('x_test', test.x, testLabels, shape, testCount) : null
  return {
    train: train.split,
    test: own?.split ?? firstRows(train.split, testCount),
    hash: contentHash(arrays),
    available: labels,
    constant: train.constant + (own?.constant ?? 0),
    notes: own ? [] : [STAND_IN],
  }
}

/** Some samples put aside for testing, the same ones whenever this content is read. */
function carvedSplits({ arrays, shape, labels, options: { trainSamples, testSamples } }: Source, testCount: number): Built {
  const total = labels.length
  const { split, constant } = buildSplit('x', arrays.x, labels, shape, total)
  const content = contentHash(arrays)
  const order = stableOrder(total, content)
  const part = (from: number, to: number) => takeRows(split, order.slice(from, to).sort())
  const test = part(0, testCount)
  const train = part(testCount, total)
  return {
    train: firstRows(train, sampleCount('trainSamples', trainSamples, train.count)),
    test: firstRows(test, sampleCount('testSamples', testSamples, test.count)),
    hash: sha256Hex(`${content} test ${testCount}`),
    available: train.labels,
    constant,
    notes: [`${testCount} of the ${total} samples, chosen by a fixed shuffle, are the test split.`],
  }
}

function splitsOf(source: Source): Built {
  const { arrays, labels, options: { testShare = 0 } } = source
  if (!(testShare >= 0 && testShare <= MAX_TEST_SHARE)) {
    throw new DataError('shape', `own data: testShare=${testShare}; choose a number from 0 to ${MAX_TEST_SHARE}`)
  }
  const testCount = Math.round(testShare * labels.length)
  return arrays.test || testCount === 0 ? givenSplits(source) : carvedSplits(source, testCount)
}

function notesOf({ train, available, constant, notes }: Built, classes: number): string[] {
  const out = [...notes]
  if (!train.raw) out.push('x holds floating-point numbers and is used as given, without standardisation.')
  const empty = emptyClasses(available, classes)
  if (empty.length > 0) out.push(`No training sample has label ${empty.join(', ')}.`)
  if (new Set(train.labels).size === 1) out.push(`The first ${train.count} training samples all have label ${train.labels[0]}; shuffle the file.`)
  return [...out, ...constantNote(constant)]
}

function checkTestShape({ x, test }: OwnArrays): void {
  if (!test) return
  if (test.x.shape.slice(1).join() !== x.shape.slice(1).join()) {
    throw new DataError('shape', `x_test: shape ${shapeText(test.x.shape)}, expected samples as in x ${shapeText(x.shape)}; reshape one of them`)
  }
  imageShape('x_test', test.x)
  if ((test.x.dtype === 'u1') !== (x.dtype === 'u1')) {
    throw new DataError('shape', `x_test: element type ${test.x.dtype}, x has ${x.dtype}; save both as bytes or both as floats, so that both are preprocessed alike`)
  }
}

/**
 * A data set from arrays. Without a test split a share of the samples is put aside, or the
 * training samples stand in, which `notes` says.
 * @throws DataError `shape` or `value`, naming the array
 */
export function datasetFromArrays(arrays: OwnArrays, options: OwnDataOptions = {}): Dataset {
  const { x, y, test, classNames } = arrays
  const shape = imageShape('x', x)
  checkTestShape(arrays)
  const labels = ownLabels('y', y, x.shape[0])
  const testLabels = test ? ownLabels('y_test', test.y, test.x.shape[0]) : labels
  const classes = countClasses(labels, testLabels)
  const built = splitsOf({ arrays, shape, labels, testLabels, options })
  const { train, test: testSplit, hash } = built
  const notes = [...notesOf(built, classes), ...(arrays.notes ?? [])]
  const name = options.name ?? 'own data'
  return freezeDataset({ name, hash, ...shape, classes, train, test: testSplit, notes, ...(classNames && { classNames }) })
}

/** The arrays x and y, and x_test and y_test where there is one of them, from an .npz file. */
export function arraysFromNpz(bytes: Uint8Array, name?: string): OwnArrays {
  const arrays = readNpz(bytes, name)
  const need = (key: string): NdArray => {
    const array = arrays.get(key)
    if (array) return array
    throw new DataError('shape', `own data: no array ${key} among ${[...arrays.keys()].join(', ') || 'none'}; save x and y, optionally x_test and y_test`)
  }
  const hasTest = arrays.has('x_test') || arrays.has('y_test')
  const main = { x: need('x'), y: need('y') }
  return hasTest ? { ...main, test: { x: need('x_test'), y: need('y_test') } } : main
}

/**
 * A data set from an .npz file with x and y, and optionally x_test and y_test; see {@link datasetFromArrays}.
 * @throws DataError
 */
export function datasetFromNpz(bytes: Uint8Array, options: OwnDataOptions = {}): Dataset {
  return datasetFromArrays(arraysFromNpz(bytes, options.name), options)
}
