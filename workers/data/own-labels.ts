import { MAX_CLASSES } from './class-names.ts'
import { DataError } from './data-error.ts'
import { shapeText, type NdArray } from './nd-array.ts'

/**
 * Class labels as bytes.
 * @param name member name, for messages
 * @param count number of samples they belong to
 * @throws DataError `shape` for another shape, `value` for a label that is no integer from 0 to 255
 */
export function ownLabels(name: string, y: NdArray, count: number): Uint8Array {
  if (y.shape.length !== 1) {
    const remedy = y.shape[1] === 1 ? 'y.ravel()' : 'y.argmax(axis=1) for one-hot labels'
    throw new DataError('shape', `${name}: shape ${shapeText(y.shape)}, expected (${count},); save ${remedy}`)
  }
  if (y.data.length !== count) {
    throw new DataError('shape', `${name}: ${y.data.length} labels for ${count} samples; save as many labels as samples`)
  }
  const bad = y.data.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < MAX_CLASSES))
  if (bad !== -1) {
    throw new DataError('value', `${name}: label ${y.data[bad]} at index ${bad}, expected an integer from 0 to ${MAX_CLASSES - 1}; number the classes from 0`)
  }
  return Uint8Array.from(y.data)
}

/**
 * Number of classes: the largest training label plus one.
 * @throws DataError `value` for fewer than two classes, or a test label that does not occur in training
 */
export function countClasses(train: Uint8Array, test: Uint8Array): number {
  const present = new Set(train)
  if (present.size < 2) {
    throw new DataError('value', `y: every label is ${train[0]}, expected at least 2 classes; save samples of another class too`)
  }
  const classes = Math.max(...present) + 1
  const foreign = test.findIndex((label) => label >= classes)
  if (foreign !== -1) {
    throw new DataError('value', `y_test: label ${test[foreign]} at index ${foreign}, expected 0 to ${classes - 1} as in y; use the same numbering in both`)
  }
  return classes
}

/** Classes without a sample, ascending. */
export function emptyClasses(labels: Uint8Array, classes: number): number[] {
  const present = new Set(labels)
  return Array.from({ length: classes }, (_, label) => label).filter((label) => !present.has(label))
}
