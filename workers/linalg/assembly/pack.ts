import { STEP, TILE } from './tile'

/** Values lie as [index, k]: a panel is the transpose of four rows. */
export const ALONG_ROWS: u32 = 0
/** Values lie as [k, index]: a step of a panel is four neighbours. */
export const ALONG_COLUMNS: u32 = 1

/**
 * One operand of a product. Where k runs over rows, those from `turn` on lie at `second`; that is how two stacks of
 * vectors make one operand.
 */
@unmanaged
export class Operand {
  base: usize
  stride: usize
  order: u32
  second: usize
  turn: u32
}

function stepAt(x: Operand, k: u32): usize {
  return k < x.turn ? x.base + <usize>k * x.stride : x.second + <usize>(k - x.turn) * x.stride
}

function packRows(x: Operand, index: u32, count: u32, k0: u32, k: u32, to: usize): void {
  for (let i: u32 = 0; i < count; i += TILE) {
    const rows = count - i
    const r0 = x.base + <usize>(index + i) * x.stride + (<usize>k0 << 3)
    const r1 = rows > 1 ? r0 + x.stride : r0
    const r2 = rows > 2 ? r1 + x.stride : r0
    const r3 = rows > 3 ? r2 + x.stride : r0
    const even: usize = <usize>(k & ~1) << 3
    let at: usize = 0
    for (; at < even; at += 16, to += 2 * STEP) {
      const a = v128.load(r0 + at)
      const b = v128.load(r1 + at)
      const c = v128.load(r2 + at)
      const d = v128.load(r3 + at)
      v128.store(to, v128.shuffle<f64>(a, b, 0, 2))
      v128.store(to, v128.shuffle<f64>(c, d, 0, 2), 16)
      v128.store(to, v128.shuffle<f64>(a, b, 1, 3), 32)
      v128.store(to, v128.shuffle<f64>(c, d, 1, 3), 48)
    }
    if (k & 1) {
      store<f64>(to, load<f64>(r0 + at))
      store<f64>(to, load<f64>(r1 + at), 8)
      store<f64>(to, load<f64>(r2 + at), 16)
      store<f64>(to, load<f64>(r3 + at), 24)
      to += STEP
    }
  }
}

function packColumns(x: Operand, index: u32, count: u32, k0: u32, k: u32, to: usize): void {
  const panelBytes = <usize>k * STEP
  const whole = count & ~3
  for (let step: u32 = 0; step < k; step++, to += STEP) {
    let from = stepAt(x, k0 + step) + (<usize>index << 3)
    let panel = to
    for (let i: u32 = 0; i < whole; i += TILE, from += STEP, panel += panelBytes) {
      v128.store(panel, v128.load(from))
      v128.store(panel, v128.load(from, 16), 16)
    }
    for (let i = whole; i < count; i++, from += 8, panel += 8) store<f64>(panel, load<f64>(from))
  }
}

/**
 * Packs `count` indices from `index` on and k steps from `k0` on into panels of four. What fills up the last panel is
 * arbitrary and reaches only entries that are never written.
 */
export function pack(x: Operand, index: u32, count: u32, k0: u32, k: u32, to: usize): void {
  if (x.order == ALONG_ROWS) packRows(x, index, count, k0, k, to)
  else packColumns(x, index, count, k0, k, to)
}
