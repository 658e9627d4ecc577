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
