import { address, nextPiece, word } from './control'
import { STEP, TILE } from './tile'

/**
 * Packs products of pairs of a sample's values: step k of a panel holds x[i]·x[j] of sample k0 + k for four pairs (i, j).
 * @param samples rows of float64, `stride` bytes apart
 * @param pairs for every pair i and j, 16 bits each
 */
export function packPairs(samples: usize, stride: usize, pairs: usize, index: u32, count: u32, k0: u32, k: u32, to: usize): void {
  const first = samples + <usize>k0 * stride
  for (let p: u32 = 0; p < count; p += TILE) {
    const place = pairs + (<usize>(index + p) << 2)
    const start = load<u32>(place)
    // Pairs are listed by i, then j: nearly always four share their i and have neighbouring j.
    if (count - p >= TILE && load<u32>(place, 12) == start + (3 << 16)) packNeighbours(first, stride, start, k, to)
    else for (let r: u32 = 0; r < min(TILE, count - p); r++) packPair(first, stride, load<u32>(place + (<usize>r << 2)), k, to + (<usize>r << 3))
    to += <usize>k * STEP
  }
}

function packNeighbours(x: usize, stride: usize, pair: u32, k: u32, to: usize): void {
  let i = x + (<usize>(pair & 0xffff) << 3)
  let j = x + (<usize>(pair >> 16) << 3)
  for (const end = to + <usize>k * STEP; to < end; to += STEP) {
    const xi = v128.load_splat<f64>(i)
    v128.store(to, f64x2.mul(xi, v128.load(j)))
    v128.store(to, f64x2.mul(xi, v128.load(j, 16)), 16)
    i += stride
    j += stride
  }
}

function packPair(x: usize, stride: usize, pair: u32, k: u32, to: usize): void {
  let i = x + (<usize>(pair & 0xffff) << 3)
  let j = x + (<usize>(pair >> 16) << 3)
  for (const end = to + <usize>k * STEP; to < end; to += STEP) {
    store<f64>(to, load<f64>(i) * load<f64>(j))
    i += stride
    j += stride
  }
}

/** Bytes of a panel's list of the steps it keeps, at most k of them. */
export function listBytes(k: u32): usize {
  return (<usize>k + 1) << 2
}

/**
 * Leaves out of packed panels the steps at which all four values are zero, which add nothing to a sum that began at +0:
 * after ReLU half of a layer's inputs are zero, and so are all pairs they are in. `lists` gets for every panel how many
 * steps are left, and behind that where each finds its step of the right operand, in bytes from the first one.
 */
export function leaveOutZeros(panels: usize, count: u32, k: u32, lists: usize): void {
  const zero = f64x2.splat(0)
  for (let p: u32 = 0; p < count; p += TILE, panels += <usize>k * STEP, lists += listBytes(k)) {
    let left: u32 = 0
    for (let step: u32 = 0; step < k; step++) {
      const from = panels + <usize>step * STEP
      const to = panels + <usize>left * STEP
      const x = v128.load(from)
      const y = v128.load(from, 16)
      v128.store(to, x)
      v128.store(to, y, 16)
      store<u32>(lists + (<usize>left << 2), step * <u32>STEP, 4)
      left += u32(v128.any_true(v128.or(f64x2.ne(x, zero), f64x2.ne(y, zero))))
    }
    store<u32>(lists, left)
  }
}

// Words of the scattering.
const TO: u32 = 0
const STRIDE: u32 = 1
const INPUTS: u32 = 2
const OUTPUTS: u32 = 3
const PRODUCTS: u32 = 4
const SHIFT: u32 = 5

/** Where the pair (i, j), i ≤ j, of `count` numbers stands in the order (0, 0), (0, 1), …, (1, 1), … */
function pairIndex(i: u32, j: u32, count: u32): u32 {
  return i * count - ((i * (i + 1)) >> 1) + j
}

/**
 * Entry ((i, o), (i′, o′)) of the matrix [inputs·outputs, inputs·outputs] ← entry (pair of i and i′, pair of o and o′) of the
 * products; the shift is added to the diagonal.
 */
export function scatterPairs(): void {
  const inputs = word(INPUTS)
  const outputs = word(OUTPUTS)
  const stride: usize = address(STRIDE)
  const rowBytes = <usize>((outputs * (outputs + 1)) >> 1) << 3
  const shift = load<f64>(address(SHIFT))
  for (let row = nextPiece(); row < inputs * outputs; row = nextPiece()) {
    const i = row / outputs
    const o = row % outputs
    let to = address(TO) + <usize>row * stride
    const diagonal = to + (<usize>row << 3)
    for (let i2: u32 = 0; i2 < inputs; i2++) {
      const from = address(PRODUCTS) + <usize>pairIndex(min(i, i2), max(i, i2), inputs) * rowBytes
      for (let o2: u32 = 0; o2 < outputs; o2++, to += 8) {
        store<f64>(to, load<f64>(from + (<usize>pairIndex(min(o, o2), max(o, o2), outputs) << 3)))
      }
    }
    store<f64>(diagonal, load<f64>(diagonal) + shift)
  }
}
