import { address, nextPiece, word } from './control'
import { dot, scaleTo } from './vector'

/** Rows and columns of a square of the matrix that one thread treats at a time. */
const SQUARE: u32 = 64

// Words of the jobs below.
const A: u32 = 0
const STRIDE: u32 = 1
const SIZE: u32 = 2
const OUTCOMES: u32 = 3

function bands(size: u32): u32 {
  return (size + SQUARE - 1) / SQUARE
}

/** What a band of rows has to say: its largest |entry|, its largest difference to the transpose, and where that is. */
const OUTCOME_BYTES: usize = 32

/** Looks at every entry: what is not finite makes the largest |entry| of its band infinite. */
export function inspect(): void {
  const a: usize = address(A)
  const stride: usize = address(STRIDE)
  const size = word(SIZE)
  for (let band = nextPiece(); band < bands(size); band = nextPiece()) {
    let largest: f64 = 0
    let difference: f64 = 0
    let row: u32 = 0
    let column: u32 = 0
    const end = min(size, (band + 1) * SQUARE)
    for (let j0: u32 = 0; j0 < end; j0 += SQUARE) {
      for (let i = band * SQUARE; i < end; i++) {
        const last = min(i + 1, j0 + SQUARE)
        for (let j = j0; j < last; j++) {
          const lower = load<f64>(a + <usize>i * stride + (<usize>j << 3))
          const upper = load<f64>(a + <usize>j * stride + (<usize>i << 3))
          const greater = max(abs(lower), abs(upper))
          if (!(greater <= largest)) largest = greater < Infinity ? greater : Infinity
          if (abs(lower - upper) > difference) {
            difference = abs(lower - upper)
            row = i
            column = j
          }
        }
      }
    }
    const place = address(OUTCOMES) + <usize>band * OUTCOME_BYTES
    store<f64>(place, largest)
    store<f64>(place, difference, 8)
    store<f64>(place, row, 16)
    store<f64>(place, column, 24)
  }
}

const SCALE: u32 = 4
const DIAGONAL: u32 = 5

/** Makes the matrix the mean of itself and its transpose, times a power of two; copies the diagonal. */
export function symmetrise(): void {
  const a: usize = address(A)
  const stride: usize = address(STRIDE)
  const size = word(SIZE)
  const scale = load<f64>(address(SCALE))
  for (let band = nextPiece(); band < bands(size); band = nextPiece()) {
    const end = min(size, (band + 1) * SQUARE)
    for (let j0: u32 = 0; j0 < end; j0 += SQUARE) {
      for (let i = band * SQUARE; i < end; i++) {
        const last = min(i + 1, j0 + SQUARE)
        for (let j = j0; j < last; j++) {
          const lower = a + <usize>i * stride + (<usize>j << 3)
          const upper = a + <usize>j * stride + (<usize>i << 3)
          const mean = (load<f64>(lower) * scale + load<f64>(upper) * scale) / 2
          store<f64>(lower, mean)
          store<f64>(upper, mean)
          if (i == j) store<f64>(address(DIAGONAL) + (<usize>i << 3), mean)
        }
      }
    }
  }
}

/** Puts the matrix back, unscaled, from its strict upper triangle and the copy of its diagonal. */
export function restore(): void {
  const a: usize = address(A)
  const stride: usize = address(STRIDE)
  const size = word(SIZE)
  const scale = load<f64>(address(SCALE))
  for (let band = nextPiece(); band < bands(size); band = nextPiece()) {
    const end = min(size, (band + 1) * SQUARE)
    for (let j0: u32 = 0; j0 < end; j0 += SQUARE) {
      for (let i = band * SQUARE; i < end; i++) {
        const last = min(i, j0 + SQUARE)
        for (let j = j0; j < last; j++) {
          const upper = a + <usize>j * stride + (<usize>i << 3)
          const value = load<f64>(upper) * scale
          store<f64>(upper, value)
          store<f64>(a + <usize>i * stride + (<usize>j << 3), value)
        }
        if (i >= j0 && i < j0 + SQUARE) store<f64>(a + <usize>i * (stride + 8), load<f64>(address(DIAGONAL) + (<usize>i << 3)) * scale)
      }
    }
  }
}

const FROM: u32 = 4
const ORDER: u32 = 5

/** Row i of the result ← row order[i] of length one, its largest |entry| (the first of equals) positive. */
export function arrange(): void {
  const stride: usize = address(STRIDE)
  const size = word(SIZE)
  for (let i = nextPiece(); i < size; i = nextPiece()) {
    const from: usize = address(FROM) + <usize>load<u32>(address(ORDER) + (<usize>i << 2)) * stride
    let largest: f64 = 0
    for (let at: usize = 0; at < stride; at += 8) {
      const value = load<f64>(from + at)
      if (abs(value) > abs(largest)) largest = value
    }
    const length = Math.sqrt(dot(from, from, size))
    scaleTo(address(A) + <usize>i * stride, from, largest < 0 ? -1 / length : 1 / length, size)
  }
}
