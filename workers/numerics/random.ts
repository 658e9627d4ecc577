/**
 * Seeded random numbers with the same bits on every machine.
 *
 * Generator: xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators",
 * 2021), period 2¹²⁸ − 1. Normal deviates: polar method (Marsaglia and Bray 1964).
 */
import { log } from './deterministic-math.ts'

/** Plain data that continues a stream exactly where it was read. */
export interface RandomState {
  /** (4) unsigned 32-bit words, not all zero. */
  readonly words: readonly [number, number, number, number]
  /** Second deviate of the last polar pair, not handed out yet. */
  readonly spareNormal: number | null
}

export interface Random {
  /** Integer in [0, 2³²). */
  uint32(): number
  /** Multiple of 2⁻⁵³ in [0, 1). */
  uniform(): number
  /** Number in [low, high). */
  uniformBetween(low: number, high: number): number
  /** Standard normal deviate. */
  normal(): number
  /** Unbiased integer in [0, n), 1 ≤ n ≤ 2³². */
  integer(n: number): number
  /** (n) uniformly random order of 0 … n − 1. */
  permutation(n: number): Uint32Array
  state(): RandomState
  restore(state: RandomState): void
}

const TWO_POW_32 = 4294967296
const TWO_POW_MINUS_53 = 1 / 9007199254740992

/**
 * Generator for one purpose of one seed: streams of different names are independent, so adding a
 * consumer never shifts the draws of another.
 *
 * @param seed integer of at most 53 bits
 * @param stream name of the purpose, such as `"shuffle"`
 */
export function createRandom(seed: number, stream: string): Random {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`random: seed=${seed} is not a safe integer; choose a whole number below 2^53`)
  }
  return new Xoshiro128(seedWords(seed, stream))
}

class Xoshiro128 implements Random {
  readonly #words: Uint32Array
  #spareNormal: number | null = null

  constructor(words: Uint32Array) {
    this.#words = words
  }

  uint32(): number {
    const s = this.#words
    const scrambled = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9)
    const shifted = s[1] << 9
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= shifted
    s[3] = rotateLeft(s[3], 11)
    return scrambled >>> 0
  }

  uniform(): number {
    const high = this.uint32() >>> 5
    const low = this.uint32() >>> 6
    return (high * 67108864 + low) * TWO_POW_MINUS_53
  }

  uniformBetween(low: number, high: number): number {
    return low + (high - low) * this.uniform()
  }

  normal(): number {
    if (this.#spareNormal !== null) {
      const spare = this.#spareNormal
      this.#spareNormal = null
      return spare
    }
    for (;;) {
      const x = 2 * this.uniform() - 1
      const y = 2 * this.uniform() - 1
      const radius = x * x + y * y
      if (radius > 0 && radius < 1) {
        const scale = Math.sqrt((-2 * log(radius)) / radius)
        this.#spareNormal = y * scale
        return x * scale
      }
    }
  }

  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > TWO_POW_32) {
      throw new RangeError(`random: integer(${n}) needs a whole number from 1 to 2^32`)
    }
    const unbiasedLimit = TWO_POW_32 - (TWO_POW_32 % n)
    for (;;) {
      const draw = this.uint32()
      if (draw < unbiasedLimit) return draw % n
    }
  }

  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i)
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1)
      const kept = order[i]
      order[i] = order[j]
      order[j] = kept
    }
    return order
  }

  state(): RandomState {
    const [a, b, c, d] = this.#words
    return Object.freeze({ words: Object.freeze([a, b, c, d] as const), spareNormal: this.#spareNormal })
  }

  restore(state: RandomState): void {
    if (state.words.length !== 4 || state.words.every((word) => word === 0)) {
      throw new RangeError(`random: state words [${state.words.join(', ')}] are not four words with one non-zero`)
    }
    this.#words.set(state.words)
    this.#spareNormal = state.spareNormal
  }
}

/** Four hashes of (seed, stream), one per state word, each with its own start. */
function seedWords(seed: number, stream: string): Uint32Array {
  const low = seed >>> 0
  const high = Math.floor(seed / TWO_POW_32) >>> 0
  const words = new Uint32Array(4)
  for (let lane = 0; lane < 4; lane++) {
    let hash = absorb(absorb(Math.imul(lane + 1, 0x9e3779b9), low), high)
    for (let i = 0; i < stream.length; i++) hash = absorb(hash, stream.charCodeAt(i))
    words[lane] = absorb(hash, stream.length)
  }
  if (words.every((word) => word === 0)) words[0] = 1
  return words
}

/** One step of a 32-bit splitmix: advance by the golden ratio, then avalanche. */
function absorb(hash: number, word: number): number {
  let z = ((hash ^ word) + 0x9e3779b9) | 0
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
  return z ^ (z >>> 16)
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}
