import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ndArray } from './nd-array.ts'
import { readSafetensors, writeSafetensors } from './safetensors.ts'
import { dataErrorOf, eighths, flipped } from './test-bytes.ts'

/** A file from header text and element bytes, laid out by hand. */
function file(header: string, elements: readonly number[]): Uint8Array {
  const json = new TextEncoder().encode(header)
  return Uint8Array.from([json.length & 0xff, json.length >> 8, 0, 0, 0, 0, 0, 0, ...json, ...elements])
}

const entry = (dtype: string, shape: number[], offsets: number[]) => ({ dtype, shape, data_offsets: offsets })
const sample = writeSafetensors(new Map([['a/kernel', ndArray(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3])], ['a/bias', ndArray(Float64Array.of(7))]]))

describe('readSafetensors', () => {
  it('widens F16 and BF16 exactly and converts I64', () => {
    const header = { h: entry('F16', [2], [0, 4]), b: entry('BF16', [2], [4, 8]), n: entry('I64', [1], [8, 16]) }
    const bytes = file(JSON.stringify(header), [0, 0x3c, 0xff, 0x7b, 0x80, 0x3f, 0x49, 0xc0, 0xfe, 255, 255, 255, 255, 255, 255, 255])
    const tensors = readSafetensors(bytes)
    expect(tensors.get('h')).toEqual(ndArray(Float32Array.of(1, 65504)))
    expect(tensors.get('b')).toEqual(ndArray(Float32Array.of(1, -3.140625)))
    expect(tensors.get('n')).toEqual({ dtype: 'i8', shape: [1], data: Float64Array.of(-2) })
  })

  it('skips the metadata', () => {
    const bytes = writeSafetensors(new Map([['w', ndArray(Uint8Array.of(1))]]), { format: 'pt' })
    expect([...readSafetensors(bytes).keys()]).toEqual(['w'])
  })

  it.each([
    ['overlap', { a: entry('U8', [4], [0, 4]), b: entry('U8', [4], [2, 6]) }, 'corrupt', 'tensors overlap'],
    ['a gap', { a: entry('U8', [2], [0, 2]), b: entry('U8', [2], [4, 6]) }, 'corrupt', 'tensors leave a gap'],
    ['a span that contradicts the shape', { a: entry('F32', [2], [0, 6]) }, 'corrupt', 'expected 8 for shape (2,) of F32'],
    ['bytes that no tensor claims', { a: entry('U8', [2], [0, 2]) }, 'truncated', '6 bytes of elements, expected 2'],
    ['an unknown type', { a: entry('F8_E4M3', [6], [0, 6]) }, 'shape', 'element type F8_E4M3'],
    ['a negative size', { a: entry('U8', [-6], [0, 6]) }, 'corrupt', 'header entry a has shape.0'],
  ])('refuses %s', (_, header, code, message) => {
    const error = dataErrorOf(() => readSafetensors(file(JSON.stringify(header), [1, 2, 3, 4, 5, 6])))
    expect(error.code).toBe(code)
    expect(error.message).toContain(message)
  })

  it.each(['not json', '[1]', 'null', '"text"'])('refuses the header %s', (header) => {
    expect(dataErrorOf(() => readSafetensors(file(header, []))).message).toContain('not a JSON object')
  })

  it('refuses a file cut at any eighth', () => {
    for (const at of eighths(sample.length)) expect(['truncated', 'corrupt']).toContain(dataErrorOf(() => readSafetensors(sample.subarray(0, at))).code)
  })

  it('refuses an absurd header length', () => {
    expect(dataErrorOf(() => readSafetensors(new Uint8Array(16).fill(255))).message).toContain('expected at most 100000000')
  })

  it('never throws another kind of error when any byte is inverted', () => {
    for (let at = 0; at < sample.length; at++) {
      try {
        readSafetensors(flipped(sample, at))
      } catch (error) {
        expect(error).toHaveProperty('name', 'DataError')
      }
    }
  })
})

describe('writeSafetensors', () => {
  it('round-trips any tensors', () => {
    const tensor = fc.oneof(fc.float32Array(), fc.float64Array(), fc.int32Array(), fc.uint8Array(), fc.int16Array()).map((data) => ndArray(data))
    const name = fc.string({ minLength: 1 }).filter((key) => key !== '__metadata__')
    fc.assert(
      fc.property(fc.array(fc.tuple(name, tensor)), (list) => {
        const tensors = new Map(list)
        const read = readSafetensors(writeSafetensors(tensors))
        expect(new Set(read.keys())).toEqual(new Set(tensors.keys()))
        for (const [key, array] of tensors) expect(read.get(key)).toEqual(array)
      }),
    )
  })

  it('does not depend on insertion order and aligns elements to 8 bytes', () => {
    const a = ['a', ndArray(Float32Array.of(1))] as const
    const b = ['b', ndArray(Float64Array.of(2))] as const
    const bytes = writeSafetensors(new Map([a, b]))
    expect(writeSafetensors(new Map([b, a]))).toEqual(bytes)
    expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0)
  })
})
