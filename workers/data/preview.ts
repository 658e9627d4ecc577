/** What a person wants to see of a data set before using it; plain data that crosses to the page. */
import { featureCount, type Dataset, type DatasetSplit, type ImageShape } from './dataset.ts'
import { countConstant } from './preprocess.ts'

export interface PreviewSample {
  readonly label: number
  /** (H * W * 4) RGBA of an image, null for a row of features. */
  readonly pixels: Uint8ClampedArray | null
  /** The features of a row, null for an image. */
  readonly values: number[] | null
}

export interface DatasetPreview {
  readonly name: string
  readonly shape: ImageShape
  readonly classes: number
  readonly classNames: string[] | null
  /** Samples of each class. */
  readonly trainCounts: number[]
  readonly testCounts: number[]
  /** Of training samples, as many of each class as there are, sorted by class. */
  readonly samples: PreviewSample[]
  readonly preprocessing: string
  /** Over all stored training values: bytes where the source has bytes, else the inputs. */
  readonly mean: number
  readonly deviation: number
  /** Images of both splits with a channel of one single value. */
  readonly constantImages: number
  readonly notes: string[]
}

const BYTES = 'Per image and channel: pixel / 255, minus the mean, divided by the standard deviation (population).'
const FLOATS = 'Values are used as they are, without standardisation.'
const OPAQUE = 255

function classCounts({ labels }: DatasetSplit, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (const label of labels) counts[label]++
  return counts
}

/** Rows of the first samples of each class, as many of each as possible, ascending by class. */
function spread(labels: Uint8Array, classes: number, wanted: number): number[] {
  const rows = Array.from({ length: classes }, (): number[] => [])
  labels.forEach((label, row) => rows[label].length < wanted && rows[label].push(row))
  const present = rows.filter((list) => list.length > 0)
  // With more classes than samples every so-manieth class is shown.
  const shown = present.length <= wanted ? present : Array.from({ length: wanted }, (_, k) => present[Math.floor((k * present.length) / wanted)])
  const taken = shown.map(() => 0)
  for (let left = Math.min(wanted, shown.reduce((sum, list) => sum + list.length, 0)); left > 0; ) {
    shown.forEach((list, k) => {
      if (left > 0 && taken[k] < list.length) {
        taken[k]++
        left--
      }
    })
  }
  return shown.flatMap((list, k) => list.slice(0, taken[k]))
}

/** Images of one channel, or two, are grey; from four channels on the first three are shown. */
function rgba(values: ArrayLike<number>, { height, width, channels }: ImageShape): Uint8ClampedArray {
  const out = new Uint8ClampedArray(height * width * 4)
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let c = 0; c < 3; c++) out[4 * pixel + c] = values[pixel * channels + (channels >= 3 ? c : 0)]
    out[4 * pixel + 3] = OPAQUE
  }
  return out
}

/** Floating-point images are stretched from their smallest to their largest value. */
function stretched(values: Float32Array): number[] {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity)
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity)
  const scale = high > low ? 255 / (high - low) : 0
  return Array.from(values, (value) => (value - low) * scale)
}

function sampleAt({ images, labels, raw }: DatasetSplit, row: number, shape: ImageShape): PreviewSample {
  const [from, to] = [row * featureCount(shape), (row + 1) * featureCount(shape)]
  const label = labels[row]
  if (shape.height === 1) return { label, pixels: null, values: Array.from((raw ?? images).subarray(from, to)) }
  return { label, pixels: rgba(raw?.subarray(from, to) ?? stretched(images.subarray(from, to)), shape), values: null }
}

function moments({ raw, images }: DatasetSplit): { mean: number; deviation: number } {
  const values = raw ?? images
  let sum = 0
  for (let at = 0, end = values.length; at < end; at++) sum += values[at]
  const mean = sum / values.length
  let squares = 0
  for (let at = 0, end = values.length; at < end; at++) squares += (values[at] - mean) * (values[at] - mean)
  return { mean, deviation: Math.sqrt(squares / values.length) }
}

/** Samples, class counts and preprocessing of a data set. */
export function previewOf(dataset: Dataset, { samples = 24 }: { readonly samples?: number } = {}): DatasetPreview {
  const { name, height, width, channels, classes, classNames, train, test, notes } = dataset
  const shape = { height, width, channels }
  const constant = ({ raw }: DatasetSplit) => (raw ? countConstant(raw, shape) : 0)
  return {
    name,
    shape,
    classes,
    classNames: classNames ? [...classNames] : null,
    trainCounts: classCounts(train, classes),
    testCounts: classCounts(test, classes),
    samples: spread(train.labels, classes, samples).map((row) => sampleAt(train, row, shape)),
    preprocessing: train.raw ? BYTES : FLOATS,
    ...moments(train),
    constantImages: constant(train) + constant(test),
    notes: [...notes],
  }
}
