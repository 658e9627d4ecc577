import { expect, it } from 'vitest'
import { sha256Hex } from './sha256.ts'

it('gives the digests of FIPS 180-4, whatever the split into parts', () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  expect(sha256Hex('abc')).toBe(abc)
  expect(sha256Hex('a', Uint8Array.of(98, 99))).toBe(abc)
  expect(sha256Hex()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

it('hashes typed arrays as their own bytes, offset included', () => {
  const words = Uint16Array.of(0, 0x6261, 0x0063)
  expect(sha256Hex(words.subarray(1))).toBe(sha256Hex('abc\0'))
})
