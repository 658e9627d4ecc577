import type { Random } from '../random.ts'

/** (n) independent fair signs ±1: one bit of each 32-bit draw after the other, the lowest first. */
export function rademacher(n: number, random: Random): Float64Array {
  const signs = new Float64Array(n)
  let bits = 0
  for (let i = 0; i < n; i++) {
    if (i % 32 === 0) bits = random.uint32()
    signs[i] = bits & 1 ? 1 : -1
    bits >>>= 1
  }
  return signs
}
