import { describe, expect, it } from 'vitest'
import { ndArray, type NdArray } from './nd-array.ts'
import { writeNpz } from './npz.ts'
import { datasetFromArrays, datasetFromNpz } from './own-data.ts'
import { standardize } from './preprocess.ts'
import { dataErrorOf, eighths, flipped } from './test-bytes.ts'

const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 83 + (i >> 2)) % 256)
const pixels = ndArray(bytes(4 * 12), [4, 2, 2, 3])
const floats = ndArray(Float64Array.from({ length: 12 }, (_, i) => i / 8), [4, 3])
const labels: NdArray = { dtype: 'i8', shape: [4], data: Float64Array.of(0, 2, 1, 2) }

describe('datasetFromNpz', () => {
  it('standardises bytes like the built-in sets and keeps the pixels', () => {
    const data = datasetFromNpz(writeNpz({ x: pixels, y: labels, x_test: pixels, y_test: labels }), { trainSamples: 3 })
    expect(data).toMatchObject({ height: 2, width: 2, channels: 3, classes: 3, notes: [], test: { count: 4 } })
    expect(data.train.raw).toEqual(bytes(36))
    expect(data.train.images).toEqual(standardize(bytes(36), data))
    expect([...data.train.labels]).toEqual([0, 2, 1])
    expect(Object.isFrozen(data) && Object.isFrozen(data.train)).toBe(true)
  })

  it('takes floats as given and says so, and says that the test split is the training split', () => {
    const data = datasetFromNpz(writeNpz({ x: floats, y: labels }), { testSamples: 2 })
    expect(data).toMatchObject({ height: 1, width: 3, channels: 1 })
    expect(data.train.images).toEqual(Float32Array.from(floats.data))
    expect([...data.test.labels]).toEqual([0, 2])
    expect(data.test.images).toEqual(data.train.images.slice(0, 6))
    expect(data.notes).toHaveLength(2)
    expect(data.notes[0]).toContain('no test split')
  })

  it('hashes the content, not the file or the part of it in use', () => {
    const arrays = { x: pixels, y: labels }
    const hash = datasetFromNpz(writeNpz(arrays)).hash
    expect(datasetFromNpz(writeNpz(arrays, { compress: true }), { trainSamples: 2 }).hash).toBe(hash)
    expect(datasetFromNpz(writeNpz({ ...arrays, y: ndArray(Uint8Array.of(0, 2, 1, 2)) })).hash).not.toBe(hash)
  })

  it('notes labels that do not occur and a subset of one class', () => {
    const data = datasetFromNpz(writeNpz({ x: pixels, y: ndArray(Uint8Array.of(1, 1, 3, 3)), x_test: pixels, y_test: labels }), { trainSamples: 2 })
    expect(data.notes).toEqual(['No training sample has label 0, 2.', 'The first 2 training samples all have label 1; shuffle the file.'])
  })

  it.each<[string, Record<string, NdArray>, string, string]>([
    ['a missing y', { x: pixels }, 'shape', 'no array y among x'],
    ['a test split without labels', { x: pixels, y: labels, x_test: pixels }, 'shape', 'no array y_test'],
    ['one axis', { x: ndArray(new Uint8Array(4)), y: labels }, 'shape', 'x: shape (4,), expected (N, features)'],
    ['no samples', { x: ndArray(new Uint8Array(0), [0, 3]), y: ndArray(new Uint8Array(0)) }, 'shape', 'x: shape (0, 3)'],
    ['an integer x', { x: ndArray(new Int32Array(8), [4, 2]), y: labels }, 'shape', 'x: element type i4'],
    ['one-hot labels', { x: pixels, y: ndArray(new Uint8Array(12), [4, 3]) }, 'shape', 'y.argmax(axis=1)'],
    ['another number of labels', { x: pixels, y: ndArray(Uint8Array.of(0, 1)) }, 'shape', '2 labels for 4 samples'],
    ['a fractional label', { x: pixels, y: ndArray(Float32Array.of(0, 1, 1.5, 1)) }, 'value', 'label 1.5 at index 2'],
    ['a negative label', { x: pixels, y: ndArray(Int8Array.of(0, -1, 1, 1)) }, 'value', 'label -1 at index 1'],
    ['a label beyond 255', { x: pixels, y: ndArray(Int16Array.of(0, 1, 2, 256)) }, 'value', 'label 256 at index 3'],
    ['one class', { x: pixels, y: ndArray(new Uint8Array(4)) }, 'value', 'every label is 0, expected at least 2 classes'],
    ['a test label unknown in training', { x: pixels, y: labels, x_test: pixels, y_test: ndArray(Uint8Array.of(0, 1, 5, 2)) }, 'value', 'y_test: label 5 at index 2, expected 0 to 2'],
    ['test samples of another shape', { x: floats, y: labels, x_test: ndArray(new Float64Array(8), [4, 2]), y_test: labels }, 'shape', 'x_test: shape (4, 2)'],
    ['bytes beside floats', { x: floats, y: labels, x_test: ndArray(bytes(12), [4, 3]), y_test: labels }, 'shape', 'x_test: element type u1, x has f8'],
    ['NaN', { x: ndArray(Float32Array.of(0, 1, 2, 3, 4, NaN, 6, 7), [4, 2]), y: labels }, 'value', 'x: NaN in sample 2, feature 1'],
    ['only constant images', { x: ndArray(Uint8Array.of(1, 1, 5, 5, 3, 3, 2, 2), [4, 2]), y: labels }, 'value', 'each of the 4 images has one single value per channel'],
  ])('refuses %s', (_, arrays, code, message) => {
    const error = dataErrorOf(() => datasetFromNpz(writeNpz(arrays)))
    expect(error.code).toBe(code)
    expect(error.message).toContain(message)
  })

  it('refuses a file cut or damaged at any eighth', () => {
    const file = writeNpz({ x: pixels, y: labels })
    for (const at of eighths(file.length)) dataErrorOf(() => datasetFromNpz(file.subarray(0, at)))
    const contentOfX = 200
    dataErrorOf(() => datasetFromNpz(flipped(file, contentOfX)))
  })
})

describe('testShare', () => {
  const many = ndArray(bytes(40 * 12), [40, 2, 2, 3])
  const classes = ndArray(Uint8Array.from({ length: 40 }, (_, i) => i % 4))
  const file = writeNpz({ x: many, y: classes })

  it('puts the same samples aside whenever the same content is read, each sample once', () => {
    const data = datasetFromNpz(file, { testShare: 0.25 })
    expect([data.train.count, data.test.count]).toEqual([30, 10])
    const rows = (raw: Uint8Array | undefined, count: number) => Array.from({ length: count }, (_, k) => raw?.slice(k * 12, (k + 1) * 12).join())
    const parts = [...rows(data.train.raw, 30), ...rows(data.test.raw, 10)]
    expect(parts.sort()).toEqual(rows(bytes(40 * 12), 40).sort())
    expect(data.train.images).toEqual(standardize(data.train.raw ?? new Uint8Array(), data))
    expect(datasetFromNpz(writeNpz({ x: many, y: classes }, { compress: true }), { testShare: 0.25 })).toEqual(data)
    expect(data.notes).toEqual(['10 of the 40 samples, chosen by a fixed shuffle, are the test split.'])
  })

  it('is part of the hash', () => {
    const hashes = [0, 0.25, 0.5].map((testShare) => datasetFromNpz(file, { testShare }).hash)
    expect(new Set(hashes).size).toBe(3)
    expect(hashes[0]).toBe(datasetFromNpz(file).hash)
  })

  it('changes nothing where the file has a test split', () => {
    const both = writeNpz({ x: many, y: classes, x_test: pixels, y_test: labels })
    expect(datasetFromNpz(both, { testShare: 0.5 })).toEqual(datasetFromNpz(both))
  })

  it.each([-0.1, 0.6, Number.NaN])('of %s is refused', (testShare) => {
    expect(dataErrorOf(() => datasetFromNpz(file, { testShare })).message).toBe(`own data: testShare=${testShare}; choose a number from 0 to 0.5`)
  })
})

it('constant images are counted in a note and become zeros', () => {
  const data = datasetFromNpz(writeNpz({ x: ndArray(Uint8Array.of(1, 2, 5, 5, 1, 2, 7, 7), [4, 2]), y: labels, x_test: ndArray(Uint8Array.of(1, 2), [1, 2]), y_test: ndArray(Uint8Array.of(1)) }))
  expect(data.notes).toEqual(['2 images have a channel of one single value, which standardisation turns into zeros.'])
  expect([...data.train.images]).toEqual([-1, 1, 0, 0, -1, 1, 0, 0])
})

it('more samples than a browser holds are refused before anything is built', () => {
  const x: NdArray = { dtype: 'u1', shape: [2, 300_000_000], data: new Uint8Array(0) }
  const error = dataErrorOf(() => datasetFromArrays({ x, y: ndArray(Uint8Array.of(0, 1)) }))
  expect(error.message).toBe('x: 2 samples of 300000000 values are 2.4 GB, the limit is 2 GB; use at most 1 samples')
})
