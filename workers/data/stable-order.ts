/**
 * A permutation of 0 … n−1 that depends on `seed` alone: Fisher–Yates on a 32-bit generator (Marsaglia's xorshift
 * 13, 17, 5). For orders that must be the same for everyone; experiments draw from their own seeded generator.
 * @param seed hexadecimal digits, such as a content hash
 */
export function stableOrder(n: number, seed: string): Uint32Array {
  // The generator stays at 0 for ever if it starts there.
  let state = Number.parseInt(seed.slice(0, 8), 16) || 1
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  const order = Uint32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = next() % (i + 1)
    const held = order[i]
    order[i] = order[j]
    order[j] = held
  }
  return order
}
