import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { encode, type ImageData } from 'fast-png'
import { expect, it } from 'vitest'
import { sha256 } from './digest.mjs'
import { decodeRows, readPngSplit } from './png-split.mjs'
import { writeDataset } from './write-shards.mjs'

const SHAPE = { name: 'mini', version: 'mini@1', height: 2, width: 2, channels: 3, classes: 2 }
const BYTES = 12
const pixelsOf = (count: number, seed: number) => Uint8Array.from({ length: count * BYTES }, (_, i) => (i * 37 + seed + (i >> 3)) % 256)

const png = (image: Partial<ImageData> & Pick<ImageData, 'data'>): Buffer =>
  Buffer.from(encode({ width: 4, height: image.data.length / 4 / (image.channels ?? 3), channels: 3, depth: 8, ...image }))

/** A split of two batches, 3 and 4 images, one image a row. */
function mini() {
  const batches = [pixelsOf(3, 0), pixelsOf(4, 99)]
  const files = new Map(batches.map((data, k) => [`batch-${k}`, png({ data })]))
  const labelFile = Buffer.from(JSON.stringify([0, 1, 0, 1, 0, 1, 0]))
  files.set('labels', labelFile)
  const facts = {
    count: 7,
    classCounts: [4, 3],
    labels: { path: 'labels', sha256: sha256(labelFile) },
    batches: batches.map((data, k) => ({ path: `batch-${k}`, count: k + 3, sha256: sha256(files.get(`batch-${k}`)), pixels: sha256(data) })),
  }
  return { files, facts, pixels: Uint8Array.from(batches.flatMap((data) => [...data])) }
}

it('rows of PNG batches become shards of the same bytes, none across two batches', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'png-'))
  try {
    const { files, facts, pixels } = mini()
    const target = join(folder, 'mini')
    const index = await writeDataset(target, SHAPE, { train: readPngSplit(files, SHAPE, facts), test: readPngSplit(files, SHAPE, facts, 4) }, 2)
    const { images } = index.splits.train
    expect(images.map(({ first, count }: { first: number; count: number }) => [first, count])).toEqual([[0, 2], [2, 1], [3, 2], [5, 2]])
    const read = async (of: readonly { file: string }[]) =>
      new Uint8Array(Buffer.concat(await Promise.all(of.map(async ({ file }) => inflateRawSync(await readFile(join(target, file)))))))
    expect(await read(images)).toEqual(pixels)
    expect(await read(index.splits.test.images)).toEqual(pixels.slice(0, 4 * BYTES))
  } finally {
    await rm(folder, { recursive: true })
  }
})

it('a batch is decoded only when its turn comes', () => {
  const { files, facts } = mini()
  const wrong = { ...facts, batches: [facts.batches[0], { ...facts.batches[1], pixels: 'another digest' }] }
  const batches = readPngSplit(files, SHAPE, wrong).batches
  expect(batches.next().value).toEqual(pixelsOf(3, 0))
  expect(() => batches.next()).toThrow(/batch-1: decoded pixels have SHA-256 .*, expected another digest/)
})

it('a damaged batch or label file is refused before any is decoded', () => {
  const { files, facts } = mini()
  for (const path of ['batch-1', 'labels']) {
    const damaged = Buffer.from(files.get(path) ?? [])
    damaged[damaged.length >> 1] ^= 1
    expect(() => readPngSplit(new Map([...files, [path, damaged]]), SHAPE, facts)).toThrow(`${path}: SHA-256`)
  }
  expect(() => readPngSplit(files, SHAPE, { ...facts, classCounts: [3, 4] })).toThrow('class counts 4,3, expected 3,4')
})

it.each<[string, Buffer, string]>([
  ['with an alpha channel', png({ data: new Uint8Array(48), channels: 4 }), '4 x 3 pixels, 4 channels of 8 bits, expected 4 x 3 pixels, 3 channels of 8 bits'],
  ['of 16 bits', png({ data: new Uint16Array(36), depth: 16 }), '3 channels of 16 bits'],
  ['of another width', png({ data: new Uint8Array(36), width: 6, height: 2 }), '6 x 2 pixels'],
  ['with a palette', png({ data: new Uint8Array(36), channels: 1, height: 9, palette: [[0, 0, 0]] }), '1 channels'],
])('a PNG %s is refused', (_, file, message) => {
  expect(() => decodeRows(file, SHAPE, { path: 'x.png', count: 3, pixels: '' })).toThrow(message)
})
