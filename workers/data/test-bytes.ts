import { expect } from 'vitest'
import { DataError } from './data-error.ts'

/** The error a call throws; fails when it throws nothing or something else. */
export function dataErrorOf(call: () => unknown): DataError {
  try {
    call()
  } catch (error) {
    expect(error).toBeInstanceOf(DataError)
    if (error instanceof DataError) return error
  }
  throw new Error('expected a DataError, nothing was thrown')
}

/** Offsets at every eighth of a file, and its last byte. */
export const eighths = (length: number): number[] => [...Array.from({ length: 8 }, (_, k) => Math.floor((k * length) / 8)), length - 1]

/** The bytes with one inverted. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice()
  copy[at] ^= 0xff
  return copy
}

/** One ustar member: header with checksum, content, padding. */
export function tarMember(name: string, content: Uint8Array): Uint8Array {
  const out = new Uint8Array(512 + Math.ceil(content.length / 512) * 512)
  const put = (text: string, at: number) => out.set(new TextEncoder().encode(text), at)
  put(name, 0)
  put(`${content.length.toString(8).padStart(11, '0')} `, 124)
  put('0', 156)
  put('ustar\x0000', 257)
  put('        ', 148)
  const sum = out.subarray(0, 512).reduce((total, byte) => total + byte, 0)
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  out.set(content, 512)
  return out
}

/** The bytes of several arrays, one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

/** An IDX file of bytes. */
export function idxFile(shape: readonly number[], data: Uint8Array): Uint8Array {
  const axes = shape.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255])
  return Uint8Array.from([0, 0, 8, shape.length, ...axes, ...data])
}
