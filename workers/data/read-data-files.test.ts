import { encode } from 'fast-png'
import { gzipSync, zipSync, type Zippable } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { DataFile } from './data-file.ts'
import { ndArray } from './nd-array.ts'
import { writeNpz } from './npz.ts'
import { standardize } from './preprocess.ts'
import { readDataFiles } from './read-data-files.ts'
import { dataErrorOf, eighths, idxFile, joined, tarMember } from './test-bytes.ts'

const bytes = (length: number, seed = 0) => Uint8Array.from({ length }, (_, i) => ((i + seed) * 83 + (i >> 2)) % 256)
const text = (content: string) => new TextEncoder().encode(content)
const named = (files: Readonly<Record<string, Uint8Array>>): DataFile[] => Object.entries(files).map(([name, content]) => ({ name, bytes: content }))
const messageOf = (files: Readonly<Record<string, Uint8Array>>): string => dataErrorOf(() => readDataFiles(named(files))).message

describe('IDX files', () => {
  const images = idxFile([4, 2, 3], bytes(24))
  const labels = idxFile([4], Uint8Array.of(0, 1, 2, 1))
  const testImages = idxFile([2, 2, 3], bytes(12, 9))
  const testLabels = idxFile([2], Uint8Array.of(2, 0))
  const mnist = { 'train-images-idx3-ubyte': images, 'train-labels-idx1-ubyte': labels, 't10k-images-idx3-ubyte': testImages, 't10k-labels-idx1-ubyte': testLabels }

  it('are paired by name in any order, raw, gzip-compressed or in a zip', () => {
    const data = readDataFiles(named(mnist))
    expect(data).toMatchObject({ height: 2, width: 3, channels: 1, classes: 3, notes: [] })
    expect(data.train.images).toEqual(standardize(bytes(24), data))
    expect([[...data.train.labels], [...data.test.labels]]).toEqual([[0, 1, 2, 1], [2, 0]])
    const { name } = data
    const backwards = named(mnist).reverse()
    const compressed = backwards.map((file) => ({ name: `${file.name}.gz`, bytes: gzipSync(file.bytes) }))
    const zip = [{ name: 'fashion.zip', bytes: zipSync(Object.fromEntries(compressed.map((file) => [`raw/${file.name}`, file.bytes]))) }]
    for (const files of [backwards, compressed, zip]) expect(readDataFiles(files, { name })).toEqual(data)
  })

  it('are paired by their number of samples where names say nothing', () => {
    const data = readDataFiles(named({ a: testLabels, b: labels, c: images, 'test-c': testImages }))
    expect([data.train.count, data.test.count]).toEqual([4, 2])
  })

  it('train on a lone pair, whatever its name', () => {
    const data = readDataFiles(named({ 't10k-images': testImages, 't10k-labels': testLabels }))
    expect(data.train.count).toBe(2)
    expect(data.notes[0]).toContain('no test split')
  })

  it.each<[string, Readonly<Record<string, Uint8Array>>, string]>([
    ['labels are missing', { 'train-images': images }, '1 of images and 0 of labels (train-images (4, 2, 3)), expected one or two of each'],
    ['counts differ', { 'train-images': images, 'train-labels': testLabels }, 'train-labels: 2 labels for the 4 images of train-images'],
    ['two pairs have no name', { a: images, b: images, c: labels, d: labels }, 'a: which of the label files belongs to it? c (4,), d (4,)'],
    ['both pairs are for testing', { 'test1-x': images, 'test1-y': labels, 'test2-x': testImages, 'test2-y': testLabels }, 'which pair is for testing'],
    ['elements are floats', { 'train-images': Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0), 'train-labels': labels }, 'elements are float32, expected uint8'],
    ['a file is cut', { 'train-images': images.subarray(0, 20), 'train-labels': labels }, 'train-images: 20 bytes, expected 40'],
    ['there is one class', { 'train-images': images, 'train-labels': idxFile([4], new Uint8Array(4)) }, 'every label is 0, expected at least 2 classes'],
  ])('are refused when %s', (_, files, message) => {
    expect(messageOf(files)).toContain(message)
  })
})

describe('the CIFAR-10 binary version', () => {
  const record = (label: number, seed: number) => joined(Uint8Array.of(label), bytes(3072, seed))
  const batch = joined(record(3, 1), record(0, 2))
  const test = record(3, 5)
  const folder = 'cifar-10-batches-bin/'
  const archive = gzipSync(joined(
    tarMember(`${folder}data_batch_2.bin`, record(1, 3)),
    tarMember(`${folder}data_batch_1.bin`, batch),
    tarMember(`${folder}test_batch.bin`, test),
    tarMember(`${folder}batches.meta.txt`, text('airplane\nautomobile\n')),
    tarMember(`${folder}readme.html`, text('<html>, yes')),
    new Uint8Array(1024),
  ))

  it('gives images in H,W,C order, batches in the order of their numbers', () => {
    const data = readDataFiles([{ name: 'cifar-10-binary.tar.gz', bytes: archive }])
    expect(data).toMatchObject({ height: 32, width: 32, channels: 3, classes: 4, train: { count: 3 }, test: { count: 1 } })
    expect([...data.train.labels]).toEqual([3, 0, 1])
    expect(data.classNames?.[3]).toBe('cat')
    const planes = bytes(3072, 2)
    const pixel = (row: number, column: number) => [0, 1, 2].map((channel) => planes[channel * 1024 + row * 32 + column])
    const at = (1024 + 7 * 32 + 30) * 3
    expect([...(data.train.raw ?? []).slice(at, at + 3)]).toEqual(pixel(7, 30))
    expect(data.notes).toEqual(['No training sample has label 2.', '2 of the 5 training batches: data_batch_1.bin, data_batch_2.bin.'])
  })

  it('reads loose batches too', () => {
    const data = readDataFiles(named({ 'data_batch_1.bin': batch, 'test_batch.bin': test }))
    expect([data.train.count, data.test.count]).toEqual([2, 1])
  })

  it.each<[string, Readonly<Record<string, Uint8Array>>, string]>([
    ['is cut', { 'data_batch_1.bin': batch.subarray(0, 5000) }, 'data_batch_1.bin: 5000 bytes, expected a multiple of 3073'],
    ['has a foreign label', { 'data_batch_1.bin': joined(batch, record(10, 1)) }, 'record 2 has label 10, expected 0 to 9'],
    ['is only the test batch', { 'test_batch.bin': test }, 'test_batch.bin without a training batch'],
    ['comes in a cut archive', { 'cifar-10-binary.tar.gz': archive.subarray(0, archive.length >> 1) }, 'cifar-10-binary.tar.gz: '],
  ])('is refused when it %s', (_, files, message) => {
    expect(messageOf(files)).toContain(message)
  })
})

describe('a zip of class folders', () => {
  const png = (seed: number, { channels = 1, width = 3 } = {}) => encode({ width, height: 2, channels, depth: 8, data: bytes(2 * width * channels, seed) })
  const zip = (files: Zippable) => ({ 'pets.zip': zipSync(files) })
  const pets: Zippable = { 'pets/dog/2.png': png(2), 'pets/cat/1.png': png(1), 'pets/dog/10.png': png(3), 'pets/readme.txt': text('a, b'), '__MACOSX/pets/._1.png': text('x') }

  it('has its folders as classes in sorted order and every image once', () => {
    const data = readDataFiles(named(zip(pets)))
    expect(data).toMatchObject({ height: 2, width: 3, channels: 1, classes: 2, classNames: ['cat', 'dog'], train: { count: 3 } })
    const samples = Array.from({ length: 3 }, (_, k) => `${data.train.labels[k]}:${data.train.raw?.slice(k * 6, k * 6 + 6).join()}`)
    expect(samples.sort()).toEqual([`0:${bytes(6, 1).join()}`, `1:${bytes(6, 2).join()}`, `1:${bytes(6, 3).join()}`])
    expect(data.notes).toHaveLength(1)
  })

  it('does not depend on the order in which the archive lists its files', () => {
    const backwards = Object.fromEntries(Object.entries(pets).reverse())
    expect(readDataFiles(named(zip(backwards))).hash).toBe(readDataFiles(named(zip(pets))).hash)
  })

  it('shuffles, so that the first samples are not all of one class', () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, k) => [`${k < 30 ? 'a' : 'b'}/${k}.png`, png(k)]))
    const { labels } = readDataFiles(named(zip(many)), { trainSamples: 20 }).train
    expect(new Set(labels).size).toBe(2)
  })

  it('keeps whole numbers as labels, 10 after 9', () => {
    const data = readDataFiles(named(zip({ '10/a.png': png(1), '9/b.png': png(2), '0/c.png': png(3) })))
    expect([...data.train.labels].sort((a, b) => a - b)).toEqual([0, 9, 10])
    expect(data.classNames).toBeUndefined()
  })

  it('splits by train/ and test/ folders', () => {
    const data = readDataFiles(named(zip({ 'x/train/a/1.png': png(1), 'x/train/b/1.png': png(2), 'x/test/b/1.png': png(3) })))
    expect([data.train.count, data.test.count, data.test.labels[0]]).toEqual([2, 1, 1])
  })

  it('reads RGB', () => {
    const data = readDataFiles(named(zip({ 'a/1.png': png(1, { channels: 3 }), 'b/1.png': png(2, { channels: 3 }) })))
    expect(data.channels).toBe(3)
  })

  it.each<[string, Zippable, string]>([
    ['images differ in size', { 'a/1.png': png(1), 'b/2.png': png(1, { width: 4 }) }, '2 x 4 pixels of grey'],
    ['images differ in colour', { 'a/1.png': png(1), 'b/2.png': png(1, { channels: 3 }) }, 'of RGB'],
    ['an image is a JPEG', { 'a/1.png': png(1), 'b/2.jpg': Uint8Array.of(0xff, 0xd8, 0xff, 0xe0) }, 'b/2.jpg: a JPEG, whose pixels depend on the decoder, expected PNG images'],
    ['an image is something else', { 'a/1.png': png(1), 'b/2.png': text('GIF89a') }, 'b/2.png: not a PNG'],
    ['an image is cut', { 'a/1.png': png(1).subarray(0, 50), 'b/1.png': png(2) }, 'a/1.png: the PNG ends within chunk'],
    ['an image lies in no folder', { '1.png': png(1) }, '1.png lies in no class folder'],
    ['there is one folder', { 'a/1.png': png(1), 'a/2.png': png(2) }, 'pets.zip: only the class a, expected at least 2'],
    ['some images lie outside train and test', { 'train/a/1.png': png(1), 'b/2.png': png(2) }, 'use these folders for all images or for none'],
    ['all images are for testing', { 'test/a/1.png': png(1), 'test/b/2.png': png(2) }, 'images below test/ only'],
    ['a test class is unknown', { 'train/a/1.png': png(1), 'train/b/1.png': png(1), 'test/c/2.png': png(2) }, 'no training image has the class c'],
    ['it has another archive in it', { 'inner.zip': zipSync({ 'a/1.png': png(1) }) }, 'inner.zip: an archive within an archive'],
    ['it is empty', {}, 'no file, or an empty archive'],
  ])('is refused when %s', (_, files, message) => {
    expect(messageOf(zip(files))).toContain(message)
  })

  it('names both images of different size', () => {
    const message = messageOf(zip({ 'a/1.png': png(1), 'b/2.png': png(1, { width: 4 }) }))
    expect(message).toContain('a/1.png')
    expect(message).toContain('b/2.png')
  })

  it('is refused when cut at any eighth', () => {
    const [file] = named(zip(pets))
    for (const at of eighths(file.bytes.length)) dataErrorOf(() => readDataFiles([{ ...file, bytes: file.bytes.subarray(0, at) }]))
  })
})

describe('readDataFiles', () => {
  const npz = writeNpz({ x: ndArray(bytes(12), [4, 3]), y: ndArray(Uint8Array.of(0, 1, 0, 1)) })
  const csv = text('label,a\nu,1.5\nv,2\n')

  it('reads .npz and CSV whatever they are called, inside a zip too', () => {
    expect(readDataFiles(named({ 'data.bin': npz })).train.count).toBe(4)
    expect(readDataFiles(named({ 'x.zip': zipSync({ 'x.npz': npz }) })).train.count).toBe(4)
    expect(readDataFiles(named({ 'x.zip': zipSync({ 'x.csv': csv }) })).classNames).toEqual(['u', 'v'])
    expect(readDataFiles(named({ 'x.csv.gz': gzipSync(csv) })).train.count).toBe(2)
  })

  it('is named after its files, or as asked', () => {
    expect(readDataFiles(named({ 'data.npz': npz })).name).toBe('data.npz')
    expect(readDataFiles(named({ 'data.npz': npz }), { name: 'mine' }).name).toBe('mine')
  })

  it('takes data before a table beside them, and says so', () => {
    expect(readDataFiles(named({ 'data.npz': npz, 'about.csv': csv })).notes.at(-1)).toBe('Not used: about.csv.')
  })

  it.each<[string, Readonly<Record<string, Uint8Array>>, string]>([
    ['two kinds of data', { 'data.npz': npz, 'data_batch_1.bin': bytes(3073) }, 'data.npz (.npz) and data_batch_1.bin (CIFAR-10 batches) are two kinds of data'],
    ['two .npz files', { 'a.npz': npz, 'b.npz': npz }, '2 .npz files, expected one'],
    ['a file of no known kind', { 'model.h5': Uint8Array.of(0x89, 0x48, 0x44, 0x46) }, 'model.h5: starts with 89 48 44 46, which is no kind of data that is read here; drop IDX files'],
    ['an empty file', { 'x.csv': new Uint8Array(0) }, 'x.csv: is empty'],
    ['no file at all', {}, 'own data: no file'],
    ['a spreadsheet in UTF-16', { 'x.csv': Uint8Array.of(0xff, 0xfe, 0x61, 0, 0x2c, 0) }, 'x.csv: starts with ff fe 61 00'],
  ])('refuses %s', (_, files, message) => {
    expect(messageOf(files)).toContain(message)
  })
})
