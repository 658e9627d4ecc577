import { gzipSync, strToU8, zipSync } from 'fflate'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from './crc32.ts'
import { DataError } from './data-error.ts'
import { gunzip } from './gzip.ts'
import { isTar, readTar } from './tar.ts'
import { dataErrorOf, eighths, flipped, joined, tarMember } from './test-bytes.ts'
import { readZip } from './zip.ts'

const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 83 + (i >> 2)) % 256)

/** The bytes with a 32-bit little-endian number at an offset, which may count from the end. */
function patched(file: Uint8Array, at: number, value: number): Uint8Array {
  const copy = file.slice()
  new DataView(copy.buffer).setUint32(at < 0 ? copy.length + at : at, value, true)
  return copy
}

/** Some bytes of an archive carry nothing: its date, say, or the bits after the last code. */
function equalOrRefused(read: () => unknown, expected: unknown): void {
  let got: unknown
  try {
    got = read()
  } catch (error) {
    expect(error).toBeInstanceOf(DataError)
    return
  }
  expect(got).toEqual(expected)
}

it('the CRC-32 of the digits 1 to 9 is the standard\'s check value', () => {
  expect(crc32(strToU8('123456789'))).toBe(0xcbf43926)
})

describe('gunzip', () => {
  it('gives back what was compressed', () => {
    fc.assert(fc.property(fc.uint8Array(), (content) => {
      expect(gunzip(gzipSync(content), 'x.gz')).toEqual(content)
    }))
  })

  it('refuses a file cut at any eighth, and never gives other bytes, whichever byte is damaged', () => {
    const file = gzipSync(bytes(500), { mtime: 0 })
    for (const at of eighths(file.length)) dataErrorOf(() => gunzip(file.subarray(0, at), 'x.gz'))
    for (let at = 0; at < file.length; at++) equalOrRefused(() => gunzip(flipped(file, at), 'x.gz'), bytes(500))
  })

  it('refuses an impossible claim and one above the limit without asking for the memory', () => {
    const file = gzipSync(bytes(500))
    expect(dataErrorOf(() => gunzip(patched(file, -4, 4e9), 'x.gz')).message).toMatch(/x\.gz: \d+ bytes claim to hold 4000000000, more than deflate can shrink/)
    const long = joined(file.subarray(0, -8), new Uint8Array(3_000_000), file.subarray(-8))
    expect(dataErrorOf(() => gunzip(patched(long, -4, 2.5e9), 'x.gz')).message).toContain('holds 2.5 GB, the limit is 2.0 GB')
  })

  it('refuses content beyond its claim', () => {
    expect(dataErrorOf(() => gunzip(patched(gzipSync(new Uint8Array(100_000)), -4, 100), 'x.gz')).code).toBe('corrupt')
  })
})

describe('readZip', () => {
  const files = { 'a/one.bin': bytes(300), 'a/zwei-ä.bin': new Uint8Array(0), b: bytes(5000) }
  const archive = zipSync(files)

  it('gives every file back, stored or deflated, and leaves folders out', () => {
    for (const level of [0, 6] as const) {
      const got = readZip(zipSync({ ...files, 'empty/': new Uint8Array(0) }, { level }), 'x.zip')
      expect([...got.keys()]).toEqual(Object.keys(files))
      for (const [name, content] of Object.entries(files)) expect(got.get(name)).toEqual(content)
    }
  })

  it('unpacks only what is wanted', () => {
    expect([...readZip(archive, 'x.zip', (name) => name === 'b').keys()]).toEqual(['b'])
  })

  it('refuses a file cut at any eighth', () => {
    for (const at of eighths(archive.length)) dataErrorOf(() => readZip(archive.subarray(0, at), 'x.zip'))
  })

  it('never gives other bytes, whichever byte is damaged', () => {
    const whole = [...readZip(archive, 'x.zip').values()]
    for (let at = 0; at < archive.length; at += 7) {
      equalOrRefused(() => [...readZip(flipped(archive, at), 'x.zip').values()], whole)
    }
  })

  const directory = (file: Uint8Array) => new DataView(file.buffer).getUint32(file.length - 6, true)

  it.each<[string, number, number, string]>([
    ['a size beyond the limit', 24, 2.1e9, 'claim to hold 2100000000'],
    ['more compressed bytes than the archive has', 20, 1e6, 'claims 1000000 of the archive\'s'],
    ['a password', 8, 1, 'is encrypted'],
    ['another compression method', 8, 14 << 16, 'compression method 14, expected 0 (stored) or 8 (deflate)'],
  ])('refuses %s', (_, field, value, message) => {
    expect(dataErrorOf(() => readZip(patched(archive, directory(archive) + field, value), 'x.zip')).message).toContain(message)
  })

  it('refuses members that are small one by one and too large together', () => {
    const file = zipSync({ a: new Uint8Array(2_000_000), b: new Uint8Array(2_000_000) }, { level: 0 })
    const first = directory(file)
    const bomb = patched(patched(file, first + 24, 1.5e9), first + 47 + 24, 1.5e9)
    expect(dataErrorOf(() => readZip(bomb, 'x.zip')).message).toBe('x.zip: holds 3.0 GB, the limit is 2.0 GB; use a part of it')
  })
})

describe('readTar', () => {
  const archive = joined(tarMember('a/one', bytes(5)), tarMember('a/two', bytes(513)), new Uint8Array(1024))

  it('finds every regular file', () => {
    expect([...readTar(archive, 'x.tar')]).toEqual([['a/one', bytes(5)], ['a/two', bytes(513)]])
  })

  it('is told from other bytes by the checksum of its first header', () => {
    expect(isTar(archive)).toBe(true)
    expect([flipped(archive, 0), bytes(1024), new Uint8Array(1024), archive.subarray(0, 511)].map(isTar)).toEqual([false, false, false, false])
  })

  it('names the member that a truncated archive cuts, and a damaged header', () => {
    expect(dataErrorOf(() => readTar(archive.subarray(0, 1900), 'x.tar')).message).toContain('a/two claims 513 bytes, 364 are left')
    expect(dataErrorOf(() => readTar(flipped(archive, 1024), 'x.tar')).message).toContain('the tar header at byte 1024 does not have its checksum')
  })
})
