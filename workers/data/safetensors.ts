/**
 * safetensors: a little-endian uint64 header length, a JSON header of
 * name -> {dtype, shape, data_offsets}, then the elements, without gaps.
 */
import { z } from 'zod'
import { DataError } from './data-error.ts'
import { decodeElements, ELEMENT_BYTES, encodeElements, type StoredDtype } from './elements.ts'
import { shapeText, sizeOf, type NdArray } from './nd-array.ts'

const PREFIX = 8
/** The reference implementation's limit. */
const MAX_HEADER = 100_000_000

const STORED: Readonly<Record<string, StoredDtype>> = {
  F16: 'f2', BF16: 'bf16', F32: 'f4', F64: 'f8', I8: 'i1', I16: 'i2', I32: 'i4', I64: 'i8',
  U8: 'u1', U16: 'u2', U32: 'u4', U64: 'u8', BOOL: 'b1',
}
const CODES = new Map(Object.entries(STORED).map(([code, dtype]) => [dtype, code]))

const natural = z.number().int().nonnegative()
const entrySchema = z.object({ dtype: z.string(), shape: z.array(natural), data_offsets: z.tuple([natural, natural]) })

interface Entry {
  readonly name: string
  readonly dtype: StoredDtype
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

function parseEntry(file: string, name: string, value: unknown): Entry {
  const parsed = entrySchema.safeParse(value)
  if (!parsed.success) {
    throw new DataError('corrupt', `${file}: header entry ${name} has ${parsed.error.issues[0]?.path.join('.') || 'content'} of the wrong kind; export the file again`)
  }
  const { dtype: code, shape, data_offsets: [begin, end] } = parsed.data
  const dtype = Object.hasOwn(STORED, code) ? STORED[code] : undefined
  if (!dtype) {
    throw new DataError('shape', `${file}: ${name} has element type ${code}, expected one of ${Object.keys(STORED).join(', ')}; convert it to float32`)
  }
  const expected = sizeOf(shape) * ELEMENT_BYTES[dtype]
  if (end - begin !== expected) {
    throw new DataError('corrupt', `${file}: ${name} spans bytes ${begin} to ${end}, expected ${expected} for shape ${shapeText(shape)} of ${code}; export the file again`)
  }
  return { name, dtype, shape, begin, end }
}

function parseHeader(bytes: Uint8Array, file: string): { header: object; start: number } {
  if (bytes.length < PREFIX) throw new DataError('truncated', `${file}: ${bytes.length} bytes, expected at least ${PREFIX}; export the file again`)
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  if (length > MAX_HEADER) throw new DataError('corrupt', `${file}: header of ${length} bytes, expected at most ${MAX_HEADER}; this is not a safetensors file`)
  const start = PREFIX + Number(length)
  if (bytes.length < start) throw new DataError('truncated', `${file}: ${bytes.length} bytes, expected a header of ${start}; export the file again`)
  const notJson = (cause?: unknown) => new DataError('corrupt', `${file}: the header is not a JSON object; this is not a safetensors file`, { cause })
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(PREFIX, start)))
  } catch (cause) {
    throw notJson(cause)
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw notJson()
  return { header, start }
}

function checkCoverage(entries: readonly Entry[], available: number, file: string): void {
  let next = 0
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== next) {
      throw new DataError('corrupt', `${file}: ${name} starts at byte ${begin}, expected ${next}; tensors ${begin < next ? 'overlap' : 'leave a gap'}`)
    }
    next = end
  }
  if (next !== available) {
    throw new DataError('truncated', `${file}: ${available} bytes of elements, expected ${next}; export the file again`)
  }
}

/**
 * Tensors of a safetensors file by name, in header order; F16 and BF16 are widened to f4.
 * @param name file name, for messages
 * @throws DataError `corrupt`, `truncated`, `shape` (element type) or `value` (integers beyond 2^53)
 */
export function readSafetensors(bytes: Uint8Array, name = 'safetensors'): Map<string, NdArray> {
  const { header, start } = parseHeader(bytes, name)
  const entries = Object.entries(header)
    .filter(([key]) => key !== '__metadata__')
    .map(([key, value]) => parseEntry(name, key, value))
  checkCoverage(entries, bytes.length - start, name)
  return new Map(
    entries.map((e) => [e.name, decodeElements(bytes.subarray(start + e.begin, start + e.end), e.dtype, e.shape, e.name)]),
  )
}

/**
 * A safetensors file of the arrays, largest element type first and then by name, as the
 * reference implementation orders them; equal arrays give equal bytes.
 * @param metadata text stored under `__metadata__`
 */
export function writeSafetensors(
  arrays: ReadonlyMap<string, NdArray>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const sorted = [...arrays].sort(
    ([a, x], [b, y]) => ELEMENT_BYTES[y.dtype] - ELEMENT_BYTES[x.dtype] || (a < b ? -1 : 1),
  )
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : []
  const parts = sorted.map(([, array]) => encodeElements(array))
  let offset = 0
  sorted.forEach(([key, { dtype, shape }], i) => {
    const end = offset + parts[i].length
    header.push([key, { dtype: CODES.get(dtype), shape, data_offsets: [offset, end] }])
    offset = end
  })
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)))
  // Trailing spaces align the elements to 8 bytes.
  const start = PREFIX + Math.ceil(json.length / 8) * 8
  const bytes = new Uint8Array(start + offset).fill(0x20, PREFIX, start)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - PREFIX), true)
  bytes.set(json, PREFIX)
  let at = start
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
