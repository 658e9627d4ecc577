/** Rows and columns of a tile; both operands are packed in panels of so many. */
export const TILE: u32 = 4

/** Bytes of one step along k of a packed panel. */
export const STEP: usize = 32

export const ASSIGN: u32 = 0
export const ADD: u32 = 1
export const SUBTRACT: u32 = 2

function combined(how: u32, place: usize, offset: usize, value: v128): v128 {
  if (how == ASSIGN) return value
  const old = v128.load(place + offset)
  return how == ADD ? f64x2.add(old, value) : f64x2.sub(old, value)
}

function putRow(how: u32, place: usize, left: v128, right: v128): void {
  v128.store(place, combined(how, place, 0, left))
  v128.store(place, combined(how, place, 16, right), 16)
}

function putEntries(how: u32, place: usize, columns: i32, left: v128, right: v128): void {
  for (let c = 0; c < columns; c++, place += 8) {
    const pair = c < 2 ? left : right
    const value = c & 1 ? f64x2.extract_lane(pair, 1) : f64x2.extract_lane(pair, 0)
    if (how == ASSIGN) store<f64>(place, value)
    else if (how == ADD) store<f64>(place, load<f64>(place) + value)
    else store<f64>(place, load<f64>(place) - value)
  }
}

/**
 * One 4×4 tile of a product: k ≥ 1 terms in order, each rounded before it is added, then combined with what the result
 * holds. Every entry goes through the same operations wherever its tile lies.
 * @param a four values of the left operand per step
 * @param list of the steps that a panel keeps, as `leaveOutZeros` makes it; 0 where it holds all of them
 * @param b four values of the right operand per step
 * @param to first entry of the tile in the result, rows `stride` bytes apart
 * @param rows rows of the tile that exist
 * @param columns columns that exist
 * @param below entries on and below the diagonal in the first row, one more in each further one
 */
export function addTile(a: usize, list: usize, b: usize, k: i32, how: u32, to: usize, stride: usize, rows: i32, columns: i32, below: i32): void {
  let c00 = f64x2.splat(0)
  let c01 = c00
  let c10 = c00
  let c11 = c00
  let c20 = c00
  let c21 = c00
  let c30 = c00
  let c31 = c00
  // Written out for either case, as in the tiles of the engine. Not unrolled: V8 would move all loads of the body to its beginning and run out of registers.
  if (list == 0) {
    const end = a + <usize>k * STEP
    while (true) {
      const b0 = v128.load(b)
      const b1 = v128.load(b, 16)
      let x = v128.load_splat<f64>(a)
      c00 = f64x2.add(c00, f64x2.mul(x, b0))
      c01 = f64x2.add(c01, f64x2.mul(x, b1))
      x = v128.load_splat<f64>(a, 8)
      c10 = f64x2.add(c10, f64x2.mul(x, b0))
      c11 = f64x2.add(c11, f64x2.mul(x, b1))
      x = v128.load_splat<f64>(a, 16)
      c20 = f64x2.add(c20, f64x2.mul(x, b0))
      c21 = f64x2.add(c21, f64x2.mul(x, b1))
      x = v128.load_splat<f64>(a, 24)
      c30 = f64x2.add(c30, f64x2.mul(x, b0))
      c31 = f64x2.add(c31, f64x2.mul(x, b1))
      a += STEP
      b += STEP
      if (a >= end) break
    }
  } else {
    const end = list + (load<u32>(list) << 2)
    for (; list < end; list += 4, a += STEP) {
      const step = b + load<u32>(list, 4)
      const b0 = v128.load(step)
      const b1 = v128.load(step, 16)
      let x = v128.load_splat<f64>(a)
      c00 = f64x2.add(c00, f64x2.mul(x, b0))
      c01 = f64x2.add(c01, f64x2.mul(x, b1))
      x = v128.load_splat<f64>(a, 8)
      c10 = f64x2.add(c10, f64x2.mul(x, b0))
      c11 = f64x2.add(c11, f64x2.mul(x, b1))
      x = v128.load_splat<f64>(a, 16)
      c20 = f64x2.add(c20, f64x2.mul(x, b0))
      c21 = f64x2.add(c21, f64x2.mul(x, b1))
      x = v128.load_splat<f64>(a, 24)
      c30 = f64x2.add(c30, f64x2.mul(x, b0))
      c31 = f64x2.add(c31, f64x2.mul(x, b1))
    }
  }
  if (rows >= 4 && min(columns, below) >= 4) {
    putRow(how, to, c00, c01)
    putRow(how, to + stride, c10, c11)
    putRow(how, to + 2 * stride, c20, c21)
    putRow(how, to + 3 * stride, c30, c31)
    return
  }
  columns = min(columns, 4)
  putEntries(how, to, min(columns, below), c00, c01)
  if (rows > 1) putEntries(how, to + stride, min(columns, below + 1), c10, c11)
  if (rows > 2) putEntries(how, to + 2 * stride, min(columns, below + 2), c20, c21)
  if (rows > 3) putEntries(how, to + 3 * stride, min(columns, below + 3), c30, c31)
}
