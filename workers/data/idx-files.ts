import { DataError } from './data-error.ts'
import type { DataFile } from './data-file.ts'
import { parseIdx } from './idx.ts'
import { ndArray, shapeText, type NdArray } from './nd-array.ts'
import type { OwnArrays } from './own-data.ts'

interface Named {
  readonly name: string
  readonly array: NdArray
}

interface Pair {
  readonly images: Named
  readonly labels: Named
}

const REMEDY = 'drop images and labels together, for example train-images-idx3-ubyte and train-labels-idx1-ubyte'
/** MNIST calls its test files t10k. */
const isTest = ({ name }: { readonly name: string }): boolean => /t10k|test/i.test(name)
const count = ({ array }: Named): number => array.shape[0]
const list = (files: readonly Named[]): string => files.map(({ name, array }) => `${name} ${shapeText(array.shape)}`).join(', ')

/** The labels of one image file: those of the same split by name, else those of the same number. */
function labelsFor(images: Named, labels: readonly Named[]): Named {
  const sameSplit = labels.filter((file) => isTest(file) === isTest(images))
  const fitting = labels.filter((file) => count(file) === count(images))
  const found = sameSplit.length === 1 ? sameSplit[0] : fitting.length === 1 ? fitting[0] : labels.length === 1 ? labels[0] : undefined
  if (!found) throw new DataError('shape', `${images.name}: which of the label files belongs to it? ${list(labels) || 'there is none'}; ${REMEDY}`)
  if (count(found) !== count(images)) {
    throw new DataError('shape', `${found.name}: ${count(found)} labels for the ${count(images)} images of ${images.name}; drop files that belong together`)
  }
  return found
}

function pairs(files: readonly Named[]): Pair[] {
  const labels = files.filter(({ array }) => array.shape.length === 1)
  const images = files.filter(({ array }) => array.shape.length > 1)
  if (images.length === 0 || labels.length !== images.length || images.length > 2) {
    throw new DataError('shape', `IDX files: ${images.length} of images and ${labels.length} of labels (${list(files)}), expected one or two of each; ${REMEDY}`)
  }
  const found = images.map((file) => ({ images: file, labels: labelsFor(file, labels) }))
  if (found.length === 2 && found[0].labels === found[1].labels) {
    throw new DataError('shape', `IDX files: ${found[0].labels.name} would belong to both ${images[0].name} and ${images[1].name}; ${REMEDY}`)
  }
  return found
}

/**
 * Images and labels from one or two pairs of IDX files such as MNIST's and Fashion-MNIST's, plain or gzip-compressed.
 * The test pair is the one named t10k or test; a lone pair is for training whatever its name.
 * @throws DataError
 */
export function arraysFromIdx(files: readonly DataFile[]): OwnArrays {
  const parsed = files.map(({ name, bytes }): Named => {
    const { data, shape } = parseIdx(bytes, name)
    return { name, array: ndArray(data, shape) }
  })
  const found = pairs(parsed)
  const test = found.length === 2 ? found.filter(({ images }) => isTest(images)) : []
  if (found.length === 2 && test.length !== 1) {
    throw new DataError('shape', `IDX files: which pair is for testing, ${found.map(({ images }) => images.name).join(' or ')}? Name one of them t10k or test`)
  }
  const [train] = found.filter((pair) => pair !== test[0])
  const main = { x: train.images.array, y: train.labels.array }
  return test.length === 1 ? { ...main, test: { x: test[0].images.array, y: test[0].labels.array } } : main
}
