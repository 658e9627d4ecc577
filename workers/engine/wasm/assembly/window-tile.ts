import { multiplyAdd } from './tile'

/** Bytes of a tile in a table: where its four rows of A start, and where their sums are. */
export const TILE_BYTES: usize = 32

/** Bytes of one step along k of a packed panel of B. */
const B_STEP: usize = 32

/** What becomes of a sum: it is stored, it goes on from the sum there, or it is added to the sum there when it is finished. */
export const START: u32 = 0
export const CONTINUE: u32 = 1
export const ADD: u32 = 2

/**
 * The steps along k of a tile: `runs` runs of `steps` steps, in `groups` groups. A row of A moves on by `stride` bytes
 * after a step, by `runJump` more after a run, by `groupJump` more after a group; B moves on steadily.
 */
@unmanaged
export class Walk {
  stride: usize
  steps: i32
  runs: i32
  runJump: usize
  groups: i32
  groupJump: usize
}

// @ts-ignore: decorator
@inline
function keep(how: u32, place: usize, sum: v128): void {
  v128.store(place, how == ADD ? f32x4.add(v128.load(place), sum) : sum)
}

/**
 * Sums of 4×8 tiles whose four rows of A may lie anywhere, k in order.
 * @param table tiles, `offset` to be added to every row of A and `column` to every sum
 * @param panel packed panel of eight columns of B
 */
export function sumWide(table: usize, tiles: u32, offset: usize, walk: Walk, panel: usize, column: usize, how: u32): void {
  const stride = walk.stride
  for (; tiles > 0; tiles--, table += TILE_BYTES) {
    let p0 = <usize>load<u32>(table) + offset
    let p1 = <usize>load<u32>(table, 4) + offset
    let p2 = <usize>load<u32>(table, 8) + offset
    let p3 = <usize>load<u32>(table, 12) + offset
    let c00 = f32x4.splat(0)
    let c01 = c00
    let c10 = c00
    let c11 = c00
    let c20 = c00
    let c21 = c00
    let c30 = c00
    let c31 = c00
    if (how == CONTINUE) {
      c00 = v128.load(<usize>load<u32>(table, 16) + column)
      c01 = v128.load(<usize>load<u32>(table, 16) + column, 16)
      c10 = v128.load(<usize>load<u32>(table, 20) + column)
      c11 = v128.load(<usize>load<u32>(table, 20) + column, 16)
      c20 = v128.load(<usize>load<u32>(table, 24) + column)
      c21 = v128.load(<usize>load<u32>(table, 24) + column, 16)
      c30 = v128.load(<usize>load<u32>(table, 28) + column)
      c31 = v128.load(<usize>load<u32>(table, 28) + column, 16)
    }
    let b = panel
    for (let group = walk.groups; ;) {
      for (let run = walk.runs; ;) {
        for (let step = walk.steps; ;) {
          const b0 = v128.load(b)
          const b1 = v128.load(b, 16)
          let x = v128.load_splat<f32>(p0)
          c00 = multiplyAdd(x, b0, c00)
          c01 = multiplyAdd(x, b1, c01)
          x = v128.load_splat<f32>(p1)
          c10 = multiplyAdd(x, b0, c10)
          c11 = multiplyAdd(x, b1, c11)
          x = v128.load_splat<f32>(p2)
          c20 = multiplyAdd(x, b0, c20)
          c21 = multiplyAdd(x, b1, c21)
          x = v128.load_splat<f32>(p3)
          c30 = multiplyAdd(x, b0, c30)
          c31 = multiplyAdd(x, b1, c31)
          b += B_STEP
          p0 += stride
          p1 += stride
          p2 += stride
          p3 += stride
          if (--step <= 0) break
        }
        if (--run <= 0) break
        const jump = walk.runJump
        p0 += jump
        p1 += jump
        p2 += jump
        p3 += jump
      }
      if (--group <= 0) break
      const jump = walk.runJump + walk.groupJump
      p0 += jump
      p1 += jump
      p2 += jump
      p3 += jump
    }
    const s0 = <usize>load<u32>(table, 16) + column
    const s1 = <usize>load<u32>(table, 20) + column
    const s2 = <usize>load<u32>(table, 24) + column
    const s3 = <usize>load<u32>(table, 28) + column
    keep(how, s0, c00)
    keep(how, s0 + 16, c01)
    keep(how, s1, c10)
    keep(how, s1 + 16, c11)
    keep(how, s2, c20)
    keep(how, s2 + 16, c21)
    keep(how, s3, c30)
    keep(how, s3 + 16, c31)
  }
}

/** `sumWide` for the first four columns of the panel. */
export function sumNarrow(table: usize, tiles: u32, offset: usize, walk: Walk, panel: usize, column: usize, how: u32): void {
  const stride = walk.stride
  for (; tiles > 0; tiles--, table += TILE_BYTES) {
    let p0 = <usize>load<u32>(table) + offset
    let p1 = <usize>load<u32>(table, 4) + offset
    let p2 = <usize>load<u32>(table, 8) + offset
    let p3 = <usize>load<u32>(table, 12) + offset
    const s0 = <usize>load<u32>(table, 16) + column
    const s1 = <usize>load<u32>(table, 20) + column
    const s2 = <usize>load<u32>(table, 24) + column
    const s3 = <usize>load<u32>(table, 28) + column
    let c0 = f32x4.splat(0)
    let c1 = c0
    let c2 = c0
    let c3 = c0
    if (how == CONTINUE) {
      c0 = v128.load(s0)
      c1 = v128.load(s1)
      c2 = v128.load(s2)
      c3 = v128.load(s3)
    }
    let b = panel
    for (let group = walk.groups; group > 0; group--) {
      for (let run = walk.runs; run > 0; run--) {
        for (let step = walk.steps; step > 0; step--) {
          const b0 = v128.load(b)
          c0 = multiplyAdd(v128.load_splat<f32>(p0), b0, c0)
          c1 = multiplyAdd(v128.load_splat<f32>(p1), b0, c1)
          c2 = multiplyAdd(v128.load_splat<f32>(p2), b0, c2)
          c3 = multiplyAdd(v128.load_splat<f32>(p3), b0, c3)
          b += B_STEP
          p0 += stride
          p1 += stride
          p2 += stride
          p3 += stride
        }
        p0 += walk.runJump
        p1 += walk.runJump
        p2 += walk.runJump
        p3 += walk.runJump
      }
      p0 += walk.groupJump
      p1 += walk.groupJump
      p2 += walk.groupJump
      p3 += walk.groupJump
    }
    keep(how, s0, c0)
    keep(how, s1, c1)
    keep(how, s2, c2)
    keep(how, s3, c3)
  }
}
