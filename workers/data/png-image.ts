import { decode } from 'fast-png'
import { unzlibSync } from 'fflate'
import { DataError, decoding } from './data-error.ts'
import type { ImageShape } from './dataset.ts'
import { pngChunks, PNG_SIGNATURE, type Chunk } from './png-chunks.ts'
import { MAX_PIXELS } from './preprocess.ts'

export interface PngImage extends ImageShape {
  /** H,W,C order, as stored: colour profiles and gamma are not applied. */
  readonly pixels: Uint8Array
}

const REMEDY = 'export it as 8-bit grey or RGB without interlacing'
const COLOURS = 'greyscale, RGB, greyscale with alpha, RGB with alpha'
/** Stored channels and colour channels by PNG colour type; palettes (3) are missing. */
const CHANNELS: Readonly<Record<number, readonly [stored: number, colours: number]>> = { 0: [1, 1], 2: [3, 3], 4: [2, 1], 6: [4, 3] }

interface Header {
  readonly height: number
  readonly width: number
  readonly stored: number
  readonly colours: number
}

function readHeader(chunks: readonly Chunk[], name: string): Header {
  const [first] = chunks
  if (first.type !== 'IHDR' || first.data.length !== 13) throw new DataError('corrupt', `${name}: the PNG starts with ${first.type}, expected a header of 13 bytes; export it again`)
  const view = new DataView(first.data.buffer, first.data.byteOffset, 13)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  const [depth, colour, , , interlace] = first.data.subarray(8)
  const refuse = (problem: string) => new DataError('shape', `${name}: ${problem}; ${REMEDY}`)
  const [stored, colours] = CHANNELS[colour] ?? []
  if (stored === undefined || colours === undefined) throw refuse(`${colour === 3 ? 'a palette' : `colour type ${colour}`}, expected ${COLOURS}`)
  if (depth !== 8) throw refuse(`${depth} bits per channel, expected 8`)
  if (interlace !== 0) throw refuse('interlaced rows, expected rows in order')
  if (chunks.some(({ type }) => type === 'tRNS')) throw refuse('a transparent colour, expected opaque pixels')
  if (width * height === 0 || width * height > MAX_PIXELS) {
    throw new DataError('shape', `${name}: ${height} x ${width} pixels, expected 1 to ${MAX_PIXELS} in all; scale it down`)
  }
  return { height, width, stored, colours }
}

/** The rows must inflate to exactly their size: neither an image cut short nor one that fills the memory gets through. */
function checkRows(idat: Uint8Array, { height, width, stored }: Header, name: string): void {
  const expected = height * (1 + width * stored)
  const rows = decoding(name, 'export the image again', () => unzlibSync(idat, { out: new Uint8Array(expected + 1) }))
  if (rows.length !== expected) {
    const amount = rows.length > expected ? `more than ${expected}` : String(rows.length)
    throw new DataError('corrupt', `${name}: the PNG's rows have ${amount} bytes, expected ${expected} for ${height} x ${width} pixels; export the image again`)
  }
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** The colours of pixels whose last channel is an alpha of 255 everywhere. */
function withoutAlpha(data: ArrayLike<number>, { stored, colours, width }: Header, name: string): Uint8Array {
  const pixels = new Uint8Array((data.length / stored) * colours)
  for (let from = 0, to = 0; from < data.length; from += stored, to += colours) {
    const alpha = data[from + colours]
    if (alpha !== 255) {
      const pixel = from / stored
      throw new DataError('value', `${name}: alpha ${alpha} at row ${Math.floor(pixel / width)}, column ${pixel % width}, expected opaque pixels (255); flatten the image onto a background`)
    }
    for (let c = 0; c < colours; c++) pixels[to + c] = data[from + c]
  }
  return pixels
}

/**
 * Decodes a PNG of 8 bits, grey or RGB, with or without an opaque alpha channel, to exactly the bytes it stores.
 * @param name file name, for messages
 * @throws DataError `truncated`, `corrupt`, `shape` for other kinds of PNG, `value` for transparent pixels
 */
export function decodePng(file: Uint8Array, name: string): PngImage {
  const chunks = pngChunks(file, name)
  const header = readHeader(chunks, name)
  checkRows(concatenated(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)), header, name)
  // Text, profiles and the like can be damaged or hostile, and change no pixel: the decoder does not see them.
  const needed = chunks.filter(({ type }) => type === 'IHDR' || type === 'IDAT' || type === 'IEND')
  const { data } = decoding(name, 'export the image again', () => decode(concatenated([PNG_SIGNATURE, ...needed.map(({ whole }) => whole)])))
  const { height, width, stored, colours } = header
  const pixels = stored === colours ? new Uint8Array(data) : withoutAlpha(data, header, name)
  return { height, width, channels: colours, pixels }
}
