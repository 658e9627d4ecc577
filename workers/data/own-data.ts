import { DataError } from './data-error.ts'
import { freezeDataset, type Dataset, type DatasetSplit, type ImageShape } from './dataset.ts'
import { parseIdx } from './idx.ts'
import { ndArray, shapeText, type NdArray } from './nd-array.ts'
import { readNpz } from './npz.ts'
import { imageShape, ownImages } from './own-images.ts'
import { countClasses, ownLabels } from './own-labels.ts'
import { sha256Hex } from './sha256.ts'

export interface OwnDataOptions {
  readonly name?: string
  /** The first so many samples; all that there are by default and at most. */
  readonly trainSamples?: number
  readonly testSamples?: number
}

interface Arrays {
  readonly x: NdArray
  readonly y: NdArray
  readonly test?: { readonly x: NdArray; readonly y: NdArray }
}

function contentHash({ x, y, test }: Arrays): string {
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

function buildSplit(name: string, x: NdArray, labels: Uint8Array, shape: ImageShape, count: number): DatasetSplit {
  return { count, labels: labels.slice(0, count), ...ownImages(name, x, shape, count) }
}

function notesOf(train: DatasetSplit, empty: readonly number[], hasTest: boolean): string[] {
  const notes: string[] = []
  if (!hasTest) notes.push('There is no test split: the training samples are also used as test samples, so test results say nothing about generalisation.')
  if (!train.raw) notes.push('x holds floating-point numbers and is used as given, without standardisation.')
  if (empty.length > 0) notes.push(`No training sample has label ${empty.join(', ')}.`)
  const loaded = new Set(train.labels).size
  if (loaded === 1) notes.push(`The first ${train.count} training samples all have label ${train.labels[0]}; shuffle the file.`)
  return notes
}

/**
 * A data set from arrays: x (N, features), (N, H, W) or (N, H, W, C) of bytes or
 * floats, y (N,) of classes from 0, and optionally the same for a test split.
 * Without a test split the training samples stand in, which `notes` says.
 * @throws DataError `shape` or `value`, naming the array
 */
export function datasetFromArrays(arrays: Arrays, { name = 'own data', trainSamples, testSamples }: OwnDataOptions = {}): Dataset {
  const { x, y, test } = arrays
  const shape = imageShape('x', x)
  if (test && test.x.shape.slice(1).join() !== x.shape.slice(1).join()) {
    throw new DataError('shape', `x_test: shape ${shapeText(test.x.shape)}, expected samples as in x ${shapeText(x.shape)}; reshape one of them`)
  }
  if (test) imageShape('x_test', test.x)
  if (test && (test.x.dtype === 'u1') !== (x.dtype === 'u1')) {
    throw new DataError('shape', `x_test: element type ${test.x.dtype}, x has ${x.dtype}; save both as bytes or both as floats, so that both are preprocessed alike`)
  }
  const labels = ownLabels('y', y, x.shape[0])
  const testLabels = test ? ownLabels('y_test', test.y, test.x.shape[0]) : labels
  const { classes, empty } = countClasses(labels, testLabels)
  const train = buildSplit('x', x, labels, shape, sampleCount('trainSamples', trainSamples, labels.length))
  const testCount = sampleCount('testSamples', testSamples, testLabels.length)
  const testSplit = test ? buildSplit('x_test', test.x, testLabels, shape, testCount) : firstOf(train, testCount)
  const notes = notesOf(train, empty, test !== undefined)
  return freezeDataset({ name, hash: contentHash(arrays), ...shape, classes, train, test: testSplit, notes })
}

function firstOf({ count, images, labels, raw }: DatasetSplit, wanted: number): DatasetSplit {
  const n = Math.min(wanted, count)
  const length = (images.length / count) * n
  return {
    count: n,
    images: images.subarray(0, length),
    labels: labels.subarray(0, n),
    ...(raw && { raw: raw.subarray(0, length) }),
  }
}

/**
 * A data set from an .npz file with x and y, and optionally x_test and y_test; see {@link datasetFromArrays}.
 * @throws DataError
 */
export function datasetFromNpz(bytes: Uint8Array, options: OwnDataOptions = {}): Dataset {
  const arrays = readNpz(bytes, options.name)
  const need = (key: string): NdArray => {
    const array = arrays.get(key)
    if (array) return array
    throw new DataError('shape', `own data: no array ${key} among ${[...arrays.keys()].join(', ') || 'none'}; save x and y, optionally x_test and y_test`)
  }
  const hasTest = arrays.has('x_test') || arrays.has('y_test')
  const main = { x: need('x'), y: need('y') }
  return datasetFromArrays(hasTest ? { ...main, test: { x: need('x_test'), y: need('y_test') } } : main, options)
}

export interface IdxFiles {
  readonly images: Uint8Array
  readonly labels: Uint8Array
  readonly testImages?: Uint8Array
  readonly testLabels?: Uint8Array
}

/**
 * A data set from IDX files such as Fashion-MNIST's, plain or gzip-compressed; see {@link datasetFromArrays}.
 * @throws DataError
 */
export function datasetFromIdx(files: IdxFiles, options: OwnDataOptions = {}): Dataset {
  const array = (bytes: Uint8Array, name: string): NdArray => {
    const { data, shape } = parseIdx(bytes, name)
    return ndArray(data, shape)
  }
  const { images, labels, testImages, testLabels } = files
  const main = { x: array(images, 'images'), y: array(labels, 'labels') }
  if (!testImages !== !testLabels) {
    throw new DataError('shape', `own data: test ${testImages ? 'images without labels' : 'labels without images'}; give both or neither`)
  }
  if (!testImages || !testLabels) return datasetFromArrays(main, options)
  return datasetFromArrays({ ...main, test: { x: array(testImages, 'test images'), y: array(testLabels, 'test labels') } }, options)
}
