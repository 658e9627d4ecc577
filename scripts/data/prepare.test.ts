import { mkdtemp, readFile, readdir, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sha256 } from './digest.mjs'
import { readSplit } from './idx-split.mjs'
import { readTar } from './tar.mjs'
import { readPrepared, shardsOf, writeDataset } from './write-shards.mjs'

const SHAPE = { name: 'mini', version: 'mini@1', height: 2, width: 3, channels: 1, classes: 3 }

function idx(magic: number, dims: readonly number[], payload: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * dims.length)
  header.writeUInt32BE(magic, 0)
  dims.forEach((size, axis) => header.writeUInt32BE(size, 4 + 4 * axis))
  return Buffer.concat([header, payload])
}

function miniSplit(count: number) {
  const pixels = Uint8Array.from({ length: count * 6 }, (_, i) => (i * 37) % 256)
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 3)
  const imageFile = idx(0x803, [count, 2, 3], pixels)
  const labelFile = idx(0x801, [count], labels)
  const classCounts = [0, 1, 2].map((c) => labels.filter((label) => label === c).length)
  const files = new Map([['images', imageFile], ['labels', labelFile]])
  const facts = {
    count,
    classCounts,
    images: { path: 'images', sha256: sha256(imageFile) },
    labels: { path: 'labels', sha256: sha256(labelFile) },
  }
  return { files, facts, pixels, labels }
}

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shards-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function prepareMini(target: string) {
  const train = miniSplit(7)
  const test = miniSplit(4)
  const splits = { train: readSplit(train.files, SHAPE, train.facts), test: readSplit(test.files, SHAPE, test.facts) }
  return { index: await writeDataset(target, SHAPE, splits, 3), train, test }
}

describe('shards', () => {
  it('concatenate to the pixels and labels they were cut from', async () => {
    const target = join(folder, 'mini')
    const { index, train } = await prepareMini(target)
    const { images, labels } = index.splits.train
    expect(images.map((shard: { count: number }) => shard.count)).toEqual([3, 3, 1])
    const read = async (file: string) => inflateRawSync(await readFile(join(target, file)))
    const pixels = await Promise.all(images.map((shard: { file: string }) => read(shard.file)))
    expect(new Uint8Array(Buffer.concat(pixels))).toEqual(train.pixels)
    expect(new Uint8Array(await read(labels.file))).toEqual(train.labels)
  })

  it('carry the first twelve digits of their digest in the name', async () => {
    const { index } = await prepareMini(join(folder, 'mini'))
    for (const shard of shardsOf(index)) expect(shard.file).toContain(`.${shard.sha256.slice(0, 12)}.shard`)
  })

  it('give the same data set hash when written again, and leave no partial folder', async () => {
    const first = await prepareMini(join(folder, 'mini'))
    const second = await prepareMini(join(folder, 'mini'))
    expect(second.index.sha256).toBe(first.index.sha256)
    expect(await readdir(folder)).toEqual(['mini'])
  })

  it('count as prepared until one of them changes size or the version differs', async () => {
    const target = join(folder, 'mini')
    const { index } = await prepareMini(target)
    expect(await readPrepared(target, SHAPE.version)).toEqual(index)
    expect(await readPrepared(target, 'mini@2')).toBeNull()
    await truncate(join(target, index.splits.train.images[1].file), 3)
    expect(await readPrepared(target, SHAPE.version)).toBeNull()
  })
})

describe('a split', () => {
  it('is refused when a byte differs from the recorded digest', () => {
    const { files, facts } = miniSplit(7)
    const damaged = Buffer.from(files.get('images') ?? [])
    damaged[20] ^= 1
    expect(() => readSplit(new Map([...files, ['images', damaged]]), SHAPE, facts)).toThrow(/images: SHA-256 .* expected/)
  })

  it.each([
    ['the magic number is foreign', () => idx(0x999, [7, 2, 3], new Uint8Array(42)), /magic number 2457, expected 2051/],
    ['an axis differs', () => idx(0x803, [7, 3, 2], new Uint8Array(42)), /axis 1 has length 3, expected 2/],
    ['bytes are missing', () => idx(0x803, [7, 2, 3], new Uint8Array(41)), /57 bytes, expected 58/],
  ])('is refused when %s', (_, make, message) => {
    const { files, facts } = miniSplit(7)
    const bytes = make()
    const images = { path: 'images', sha256: sha256(bytes) }
    expect(() => readSplit(new Map([...files, ['images', bytes]]), SHAPE, { ...facts, images })).toThrow(message)
  })

  it('is refused when the class counts are not the known ones', () => {
    const { files, facts } = miniSplit(7)
    expect(() => readSplit(files, SHAPE, { ...facts, classCounts: [2, 3, 2] })).toThrow('class counts 3,2,2, expected 2,3,2')
  })
})

describe('readTar', () => {
  const member = (name: string, content: string) => {
    const header = Buffer.alloc(512)
    header.write(name, 0)
    header.write(content.length.toString(8).padStart(11, '0'), 124)
    header.write('0', 156)
    header.write('ustar', 257)
    const body = Buffer.alloc(Math.ceil(content.length / 512) * 512)
    body.write(content)
    return Buffer.concat([header, body])
  }

  it('finds every regular file', () => {
    const files = readTar(Buffer.concat([member('a/one', 'hello'), member('a/two', 'x'.repeat(513)), Buffer.alloc(1024)]))
    expect([...files].map(([name, content]) => [name, content.length])).toEqual([['a/one', 5], ['a/two', 513]])
    expect(files.get('a/one')?.toString()).toBe('hello')
  })

  it('names the member that a truncated archive cuts', () => {
    expect(() => readTar(member('a/two', 'x'.repeat(513)).subarray(0, 900))).toThrow(/member "a\/two" claims 513 bytes, 388 are left/)
  })
})
