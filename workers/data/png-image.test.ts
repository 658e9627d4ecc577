import { deflateSync } from 'node:zlib'
import { encode, type ImageData, type PngEncoderOptions } from 'fast-png'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from './crc32.ts'
import { PNG_SIGNATURE } from './png-chunks.ts'
import { decodePng } from './png-image.ts'
import { dataErrorOf, eighths, flipped, joined } from './test-bytes.ts'

const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 83 + (i >> 2)) % 256)

const png = (channels: number, data: ImageData['data'], extra: Partial<ImageData> = {}, options: PngEncoderOptions = {}) =>
  encode({ width: 4, height: data.length / channels / 4, channels, depth: 8, data, ...extra }, options)

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = joined(new TextEncoder().encode(type), data)
  const framed = new DataView(new ArrayBuffer(body.length + 8))
  framed.setUint32(0, data.length)
  framed.setUint32(body.length + 4, crc32(body))
  const out = new Uint8Array(framed.buffer)
  out.set(body, 4)
  return out
}

/** A PNG put together by hand, so that the oracle is the format and not the encoder. */
function handmade(width: number, height: number, colour: number, rows: Uint8Array, more: readonly Uint8Array[] = []): Uint8Array {
  const header = Uint8Array.of(0, 0, 0, width, 0, 0, 0, height, 8, colour, 0, 0, 0)
  return joined(PNG_SIGNATURE, chunk('IHDR', header), ...more, chunk('IDAT', deflateSync(rows)), chunk('IEND', new Uint8Array(0)))
}

describe('decodePng', () => {
  it('gives back the bytes of grey and RGB images', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 3), fc.integer({ min: 1, max: 5 }), fc.infiniteStream(fc.integer({ min: 0, max: 255 })), (channels, height, stream) => {
        const data = Uint8Array.from(stream.take(4 * height * channels))
        expect(decodePng(png(channels, data), 'x.png')).toEqual({ height, width: 4, channels, pixels: data })
      }),
    )
  })

  it('undoes each of the five row filters', () => {
    // 3 x 5 grey; None, Sub, Up, Average and Paeth by the formulas of the standard, worked out by hand.
    const rows = Uint8Array.of(0, 10, 20, 30, 1, 5, 1, 1, 2, 1, 1, 250, 3, 10, 2, 4, 4, 1, 0, 255)
    expect([...decodePng(handmade(3, 5, 0, rows), 'x.png').pixels]).toEqual([10, 20, 30, 5, 6, 7, 6, 7, 1, 13, 12, 10, 14, 13, 9])
  })

  it('drops an alpha channel that is opaque, and names a pixel that is not', () => {
    const rgba = bytes(4 * 2 * 4).map((value, i) => (i % 4 === 3 ? 255 : value))
    expect(decodePng(png(4, rgba), 'x.png')).toEqual({ height: 2, width: 4, channels: 3, pixels: rgba.filter((_, i) => i % 4 !== 3) })
    const grey = Uint8Array.of(7, 255, 8, 255, 9, 255, 10, 255)
    expect([...decodePng(png(2, grey), 'x.png').pixels]).toEqual([7, 8, 9, 10])
    rgba[5 * 4 + 3] = 128
    expect(dataErrorOf(() => decodePng(png(4, rgba), 'x.png')).message).toContain('x.png: alpha 128 at row 1, column 1, expected opaque pixels')
  })

  it('applies no gamma and no profile, nor looks into them', () => {
    const rows = Uint8Array.of(0, 1, 2, 3)
    const extra = [chunk('gAMA', Uint8Array.of(0, 0, 1, 0)), chunk('iCCP', Uint8Array.of(65, 0, 0, 1, 2, 3)), chunk('tEXt', new Uint8Array(3))]
    expect([...decodePng(handmade(3, 1, 0, rows, extra), 'x.png').pixels]).toEqual([1, 2, 3])
  })

  it.each<[string, Uint8Array, string]>([
    ['16 bits', png(1, new Uint16Array(8), { depth: 16 }), '16 bits per channel, expected 8'],
    ['a palette', png(1, new Uint8Array(8), { palette: [[1, 2, 3]] }), 'a palette, expected greyscale, RGB'],
    ['interlaced rows', png(1, bytes(8), {}, { interlace: 'Adam7' }), 'interlaced rows'],
    ['a transparent colour', handmade(3, 1, 0, Uint8Array.of(0, 1, 2, 3), [chunk('tRNS', Uint8Array.of(0, 1))]), 'a transparent colour'],
    ['an unknown filter', handmade(3, 1, 0, Uint8Array.of(9, 1, 2, 3)), 'Unsupported filter: 9'],
    ['rows cut short', handmade(3, 2, 0, Uint8Array.of(0, 1, 2, 3)), 'the PNG\'s rows have 4 bytes, expected 8 for 2 x 3 pixels'],
    ['rows that inflate to megabytes', handmade(3, 1, 0, new Uint8Array(5_000_000)), 'rows have more than 4 bytes'],
    ['no pixels', handmade(0, 1, 0, Uint8Array.of(0)), '1 x 0 pixels, expected 1 to'],
  ])('refuses %s', (_, file, message) => {
    const error = dataErrorOf(() => decodePng(file, 'x.png'))
    expect(error.message).toContain('x.png')
    expect(error.message).toContain(message)
  })

  it('refuses a file cut or damaged anywhere', () => {
    const file = png(3, bytes(48))
    for (const at of eighths(file.length)) dataErrorOf(() => decodePng(file.subarray(0, at), 'x.png'))
    for (let at = PNG_SIGNATURE.length; at < file.length; at++) dataErrorOf(() => decodePng(flipped(file, at), 'x.png'))
  })
})
