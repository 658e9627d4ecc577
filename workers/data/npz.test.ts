import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { ndArray, type NdArray } from './nd-array.ts'
import { readNpy, writeNpy } from './npy.ts'
import { readNpz, writeNpz } from './npz.ts'
import { dataErrorOf, eighths, flipped } from './test-bytes.ts'

const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../../fixtures/npz/${name}`, import.meta.url)))

const anyArray: fc.Arbitrary<NdArray> = fc
  .array(fc.nat(4), { maxLength: 3 })
  .chain((shape) => {
    const length = shape.reduce((a, b) => a * b, 1)
    const size = { minLength: length, maxLength: length }
    const plain = fc.oneof(
      fc.float32Array(size), fc.float64Array(size), fc.int8Array(size), fc.int16Array(size),
      fc.int32Array(size), fc.uint8Array(size), fc.uint16Array(size), fc.uint32Array(size),
    )
    const wide = fc.array(fc.maxSafeInteger(), size).map((v): NdArray => ({ dtype: 'i8', shape, data: Float64Array.from(v) }))
    return fc.oneof(plain.map((data) => ndArray(data, shape)), wide)
  })

describe('npz written by NumPy', () => {
  it('reads every element type, both orders of bytes and of axes', () => {
    const arrays = readNpz(fixture('stored.npz'))
    const values = (key: string) => [...(arrays.get(key)?.data ?? [])]
    expect([...arrays].map(([key, { dtype, shape }]) => `${key} ${dtype} ${shape.join('x')}`)).toEqual([
      'matrix f4 2x3', 'fortran f8 2x3x4', 'half f4 5', 'big i4 3', 'longs i8 2', 'flags b1 2', 'scalar f8 ',
    ])
    expect(values('matrix')).toEqual([1.5, -2.25, 0, 3, Math.fround(1e-3), Math.fround(-1e30)])
    expect(values('fortran')).toEqual(Array.from({ length: 24 }, (_, i) => i))
    expect(values('half')).toEqual([1, -0.5, 65504, 2 ** -24, Infinity])
    expect(values('big')).toEqual([1, -2, 70000])
    expect(values('longs')).toEqual([2 ** 53 - 1, -(2 ** 53 - 1)])
    expect(values('flags')).toEqual([1, 0])
    expect(values('scalar')).toEqual([2.5])
  })

  it('is read when compressed', () => {
    const arrays = readNpz(fixture('compressed.npz'))
    expect(arrays.get('x')).toEqual(ndArray(Uint8Array.from({ length: 60 }, (_, i) => i), [3, 20]))
    expect(arrays.get('y')).toEqual(ndArray(Uint16Array.of(0, 1, 2)))
  })

  it.each(['stored.npz', 'compressed.npz'])('is refused when %s is cut at any eighth', (name) => {
    const bytes = fixture(name)
    for (const at of eighths(bytes.length)) expect(dataErrorOf(() => readNpz(bytes.subarray(0, at))).code).toBe('corrupt')
  })

  it.each(['stored.npz', 'compressed.npz'])('never gives a foreign value or another kind of error when any byte of %s is inverted', (name) => {
    const bytes = fixture(name)
    const intact = [...readNpz(bytes).values()]
    for (let at = 0; at < bytes.length; at++) {
      let read: NdArray[] | null = null
      try {
        read = [...readNpz(flipped(bytes, at)).values()]
      } catch (error) {
        expect(error).toHaveProperty('name', 'DataError')
      }
      // Fields that zip readers ignore (dates, attributes, a name in the directory) leave the arrays as they were.
      if (read?.length === intact.length) expect(read).toEqual(intact)
    }
  })
})

describe('writeNpz', () => {
  it('round-trips any arrays, stored and compressed', () => {
    fc.assert(
      fc.property(fc.array(anyArray, { maxLength: 4 }), fc.boolean(), (list, compress) => {
        const arrays = new Map(list.map((array, i) => [`group/a${i}`, array]))
        expect(readNpz(writeNpz(arrays, { compress }))).toEqual(arrays)
      }),
    )
  })

  it('gives equal bytes for equal arrays', () => {
    const record = { theta: ndArray(Float32Array.of(1, 2, 3)) }
    expect(writeNpz(record)).toEqual(writeNpz(new Map(Object.entries(record))))
    expect([...writeNpz(record).subarray(10, 14)]).toEqual([0, 96, 33, 0])
  })
})

describe('npy', () => {
  it('is byte for byte what numpy.save writes', () => {
    const matrix = ndArray(Float32Array.of(1.5, -2.25, 0, 3, 1e-3, -1e30), [2, 3])
    expect(writeNpy(matrix)).toEqual(fixture('matrix.npy'))
    expect(writeNpy({ dtype: 'i8', shape: [3], data: Float64Array.of(7, 8, 9) })).toEqual(fixture('vector.npy'))
  })

  it('is read from header versions 2 and 3', () => {
    const one = writeNpy(ndArray(Uint8Array.of(4, 5)))
    const long = new Uint8Array(one.length + 2)
    long.set(one.subarray(0, 10))
    long.set(one.subarray(10), 12)
    for (const version of [2, 3]) {
      long[6] = version
      expect(readNpy(long)).toEqual(ndArray(Uint8Array.of(4, 5)))
    }
  })

  it('refuses objects with a remedy', () => {
    const error = dataErrorOf(() => readNpy(fixture('objects.npy'), 'labels'))
    expect(error.code).toBe('shape')
    expect(error.message).toContain('labels: element type |O')
  })

  it('states bytes got and expected', () => {
    const bytes = writeNpy(ndArray(new Float32Array(6), [2, 3]))
    expect(dataErrorOf(() => readNpy(bytes.subarray(0, bytes.length - 4), 'w')).message).toContain('w: 20 bytes of elements, expected 24 for shape (2, 3) of <f4')
    for (const at of eighths(bytes.length)) expect(['truncated', 'corrupt']).toContain(dataErrorOf(() => readNpy(bytes.subarray(0, at))).code)
  })

  it('refuses 64-bit integers that a number cannot hold', () => {
    const bytes = writeNpy({ dtype: 'i8', shape: [1], data: Float64Array.of(2 ** 62) })
    expect(dataErrorOf(() => readNpy(bytes, 'y')).message).toContain('y: element 0 is 4611686018427387904')
  })
})

describe('readNpz', () => {
  it('names a member that is no array', () => {
    const zip = zipSync({ 'readme.txt': new Uint8Array(3) })
    expect(dataErrorOf(() => readNpz(zip)).message).toContain('member readme.txt is not an array')
  })

  it('names the member whose content is damaged', () => {
    const zip = writeNpz({ x: ndArray(new Float32Array(50)), y: ndArray(new Uint8Array(50)) })
    expect(dataErrorOf(() => readNpz(flipped(zip, 200))).message).toContain('member x.npy does not have its checksum')
  })

  it('refuses arbitrary bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(dataErrorOf(() => readNpz(bytes)).code).toBe('corrupt')
    }))
  })
})
