import { gzipSync } from 'fflate'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseIdx } from './idx.ts'
import { dataErrorOf, eighths } from './test-bytes.ts'

function idx(shape: readonly number[], data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0x0800 + shape.length)
  shape.forEach((size, axis) => view.setUint32(4 + 4 * axis, size))
  bytes.set(data, 4 + 4 * shape.length)
  return bytes
}

const images = idx([3, 2, 2], Uint8Array.from({ length: 12 }, (_, i) => i * 20))

describe('parseIdx', () => {
  it('returns the shape and elements that were written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 4 }), fc.infiniteStream(fc.nat(255)), (n, side, stream) => {
        const data = Uint8Array.from([...stream.take(n * side * side)])
        expect(parseIdx(idx([n, side, side], data))).toEqual({ shape: [n, side, side], data })
      }),
    )
  })

  it('reads gzip-compressed files', () => {
    expect(parseIdx(gzipSync(images))).toEqual(parseIdx(images))
  })

  it.each([images, gzipSync(images)])('refuses a file cut at any eighth', (file) => {
    for (const at of eighths(file.length)) expect(['truncated', 'corrupt']).toContain(dataErrorOf(() => parseIdx(file.subarray(0, at))).code)
  })

  it('states bytes got and expected', () => {
    expect(dataErrorOf(() => parseIdx(images.subarray(0, 20), 'a.idx')).message).toBe(
      'a.idx: 20 bytes, expected 28 for shape (3, 2, 2); fetch the file again',
    )
  })

  it('names the magic number of a foreign file and the type of a float file', () => {
    const foreign = new TextEncoder().encode('PK\x03\x04 not idx')
    expect(dataErrorOf(() => parseIdx(foreign)).message).toContain('magic number 50 4b 03 04')
    const floats = images.slice()
    floats[2] = 0x0d
    expect(dataErrorOf(() => parseIdx(floats)).message).toContain('elements are float32, expected uint8')
  })
})
