import { address, nextPiece, word } from './control'
import { STEP } from './tile'

/**
 * Packs products of pairs of a sample's values: step k of a panel holds x[i]·x[j] of sample k0 + k for four pairs (i, j).
 * @param samples [·, stride / 8] float64
 * @param pairs for every pair i and j, 16 bits each
 */
export function packPairs(samples: usize, stride: usize, pairs: usize, index: u32, count: u32, k0: u32, k: u32, to: usize): void {
  const panelBytes = <usize>k * STEP
  const first = pairs + (<usize>index << 2)
  for (let step: u32 = 0; step < k; step++, to += STEP) {
    const x = samples + <usize>(k0 + step) * stride
    let panel = to
    for (let i: u32 = 0; i < count; i++) {
      const pair = load<u32>(first + (<usize>i << 2))
      const value = load<f64>(x + (<usize>(pair & 0xffff) << 3)) * load<f64>(x + (<usize>(pair >> 16) << 3))
      store<f64>(panel + (<usize>(i & 3) << 3), value)
      if ((i & 3) == 3) panel += panelBytes
    }
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
