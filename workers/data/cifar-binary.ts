/**
 * The binary version of CIFAR-10: records of one label byte and 3 × 1024 pixel bytes, channel by channel. Five
 * training batches of 10,000 records and one of test records.
 */
import { CIFAR10_CLASSES } from './cifar10-classes.ts'
import { DataError } from './data-error.ts'
import { baseName, type DataFile } from './data-file.ts'
import { ndArray, type NdArray } from './nd-array.ts'
import type { OwnArrays } from './own-data.ts'

const SIDE = 32
const CHANNELS = 3
const PLANE = SIDE * SIDE
const IMAGE = CHANNELS * PLANE
const RECORD = 1 + IMAGE
const REMEDY = 'fetch cifar-10-binary.tar.gz again'

/** Whether a file name is that of a batch. */
export const isCifarBatch = (path: string): boolean => /^(data_batch_\d+|test_batch)\.bin$/.test(baseName(path))

const isTest = ({ name }: DataFile): boolean => baseName(name).startsWith('test')

function recordsOf({ name, bytes }: DataFile): number {
  if (bytes.length === 0 || bytes.length % RECORD !== 0) {
    throw new DataError('truncated', `${name}: ${bytes.length} bytes, expected a multiple of ${RECORD}, the size of a CIFAR-10 record; ${REMEDY}`)
  }
  return bytes.length / RECORD
}

/** Puts the records of one batch behind `first` samples; pixels go from C,H,W to H,W,C order. */
function unpack(file: DataFile, pixels: Uint8Array, labels: Uint8Array, first: number): number {
  const count = recordsOf(file)
  const { name, bytes } = file
  for (let k = 0; k < count; k++) {
    const from = k * RECORD
    const label = bytes[from]
    if (label >= CIFAR10_CLASSES.length) {
      throw new DataError('value', `${name}: record ${k} has label ${label}, expected 0 to ${CIFAR10_CLASSES.length - 1} (CIFAR-100 has other records); ${REMEDY}`)
    }
    labels[first + k] = label
    const to = (first + k) * IMAGE
    for (let channel = 0; channel < CHANNELS; channel++)
      for (let p = 0; p < PLANE; p++) pixels[to + p * CHANNELS + channel] = bytes[from + 1 + channel * PLANE + p]
  }
  return first + count
}

function arraysOf(files: readonly DataFile[]): { x: NdArray; y: NdArray } {
  const total = files.reduce((sum, file) => sum + recordsOf(file), 0)
  const pixels = new Uint8Array(total * IMAGE)
  const labels = new Uint8Array(total)
  let first = 0
  for (const file of files) first = unpack(file, pixels, labels, first)
  return { x: ndArray(pixels, [total, SIDE, SIDE, CHANNELS]), y: ndArray(labels) }
}

/**
 * Images and labels from CIFAR-10 batches, in the order of their numbers. Without test_batch.bin there is no test split.
 * @throws DataError `truncated`, `value`, or `shape` without a training batch
 */
export function arraysFromCifar(files: readonly DataFile[]): OwnArrays {
  const train = files.filter((file) => !isTest(file)).sort((a, b) => baseName(a.name).localeCompare(baseName(b.name), 'en', { numeric: true }))
  const test = files.filter(isTest)
  if (train.length === 0) throw new DataError('shape', `CIFAR-10: ${list(files)} without a training batch; add data_batch_1.bin to data_batch_5.bin`)
  const names = files.map(({ name }) => baseName(name))
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new DataError('shape', `CIFAR-10: ${twice} was dropped twice; drop each batch once`)
  const notes = train.length < 5 ? [`${train.length} of the 5 training batches: ${list(train)}.`] : []
  return { ...arraysOf(train), ...(test.length > 0 && { test: arraysOf(test) }), classNames: CIFAR10_CLASSES, notes }
}

const list = (files: readonly DataFile[]): string => files.map(({ name }) => baseName(name)).join(', ')
