/** Class folders of PNG images: `cat/1.png`, `dog/2.png`, optionally below `train/` and `test/`. */
import { numberClasses, type Classes } from './class-names.ts'
import { DataError } from './data-error.ts'
import type { DataFile } from './data-file.ts'
import { featureCount } from './dataset.ts'
import { ndArray, type NdArray } from './nd-array.ts'
import type { OwnArrays } from './own-data.ts'
import { isPng } from './png-chunks.ts'
import { decodePng, type PngImage } from './png-image.ts'
import { sha256Hex } from './sha256.ts'
import { stableOrder } from './stable-order.ts'

const IMAGE_NAME = /\.(png|jpe?g|gif|bmp|webp|tiff?)$/i
const TRAIN = /^train(ing)?$/i
const TEST = /^(test(ing)?|val(id(ation)?)?)$/i

/** Whether a path is that of an image, PNG or not. */
export const isImagePath = (path: string): boolean => IMAGE_NAME.test(path)

interface Sample {
  readonly file: DataFile
  readonly folder: string
  readonly split: 'train' | 'test' | null
}

function sampleOf(file: DataFile, subject: string): Sample {
  const parts = file.name.split('/')
  const folder = parts.at(-2)
  if (folder === undefined || TRAIN.test(folder) || TEST.test(folder)) {
    throw new DataError('shape', `${subject}: ${file.name} lies in no class folder, expected paths such as cat/1.png or train/cat/1.png; put each class into a folder of its name`)
  }
  const above = parts.at(-3) ?? ''
  return { file, folder, split: TRAIN.test(above) ? 'train' : TEST.test(above) ? 'test' : null }
}

function checkSplits(samples: readonly Sample[], subject: string): void {
  const loose = samples.find(({ split }) => split === null)
  const split = samples.find((sample) => sample.split !== null)
  if (loose && split) {
    throw new DataError('shape', `${subject}: ${split.file.name} lies below ${split.split}/, ${loose.file.name} below neither train/ nor test/; use these folders for all images or for none`)
  }
  if (!samples.some((sample) => sample.split !== 'test')) throw new DataError('shape', `${subject}: images below test/ only; add class folders below train/`)
}

function checkPng({ name, bytes }: DataFile): void {
  if (isPng(bytes)) return
  const kind = bytes[0] === 0xff && bytes[1] === 0xd8 ? 'a JPEG, whose pixels depend on the decoder' : 'not a PNG'
  throw new DataError('shape', `${name}: ${kind}, expected PNG images; convert the images to PNG`)
}

function decodeSame(sample: Sample, first: { readonly name: string; readonly image: PngImage } | null): PngImage {
  const { file } = sample
  checkPng(file)
  const image = decodePng(file.bytes, file.name)
  if (first && (image.height !== first.image.height || image.width !== first.image.width || image.channels !== first.image.channels)) {
    throw new DataError('shape', `${file.name}: ${sizeText(image)}, ${first.name} has ${sizeText(first.image)}; give all images one size and kind of colour`)
  }
  return image
}

const sizeText = ({ height, width, channels }: PngImage): string => `${height} x ${width} pixels of ${channels === 1 ? 'grey' : 'RGB'}`

type Reference = { readonly name: string; readonly image: PngImage }

function arraysOf(samples: readonly Sample[], reference: Reference, { labelOf }: Classes): { x: NdArray; y: NdArray } {
  const { height, width, channels } = reference.image
  const features = featureCount(reference.image)
  const pixels = new Uint8Array(samples.length * features)
  samples.forEach((sample, k) => pixels.set(decodeSame(sample, reference).pixels, k * features))
  const labels = Uint8Array.from(samples, ({ folder }) => labelOf.get(folder) ?? 0)
  return { x: ndArray(pixels, [samples.length, height, width, channels]), y: ndArray(labels) }
}

/** Archives list one class after the other; the first so many samples should hold all of them. */
function shuffled(samples: readonly Sample[]): Sample[] {
  const byName = [...samples].sort((a, b) => (a.file.name < b.file.name ? -1 : 1))
  return Array.from(stableOrder(byName.length, sha256Hex(byName.map(({ file }) => file.name).join('\n'))), (at) => byName[at])
}

/**
 * Images of class folders, in a fixed shuffled order. The classes are the folders' names in sorted order; test
 * images are those below `test/`.
 * @param files images by their path in the archive
 * @param subject the archive's name, for messages
 * @throws DataError naming the image
 */
export function arraysFromFolders(files: readonly DataFile[], subject: string): OwnArrays {
  const samples = files.map((file) => sampleOf(file, subject))
  checkSplits(samples, subject)
  const train = shuffled(samples.filter(({ split }) => split !== 'test'))
  const test = shuffled(samples.filter(({ split }) => split === 'test'))
  const classes = numberClasses(train.map(({ folder }) => folder), subject)
  const foreign = test.find(({ folder }) => !classes.labelOf.has(folder))
  if (foreign) throw new DataError('value', `${foreign.file.name}: no training image has the class ${foreign.folder}; add some below train/ or remove the folder`)
  const reference = { name: train[0].file.name, image: decodeSame(train[0], null) }
  const main = arraysOf(train, reference, classes)
  return {
    ...main,
    ...(test.length > 0 && { test: arraysOf(test, reference, classes) }),
    ...(classes.names && { classNames: classes.names }),
  }
}
