import { address, nextPiece, word } from './control'

// Words of the job.
const TO: u32 = 0
const ROWS: u32 = 1
const COLUMNS: u32 = 2
const POLES: u32 = 3
const NUMERATORS: u32 = 4
const ORIGINS: u32 = 5
const OFFSETS: u32 = 6

/** Row j of the result ← unit vector of numerators[i] / ((poles[i] − origins[j]) − offsets[j]); rows lie one after the other. */
export function writeVectors(): void {
  const columns = word(COLUMNS)
  for (let j = nextPiece(); j < word(ROWS); j = nextPiece()) {
    const place = <usize>j << 3
    const row = address(TO) + place * <usize>columns
    writeVector(row, columns, address(POLES), address(NUMERATORS), load<f64>(address(ORIGINS) + place), load<f64>(address(OFFSETS) + place))
  }
}

/** Squares are summed from the first to the last, as where no kernels are at hand. */
function writeVector(row: usize, columns: u32, pole: usize, numerator: usize, origin: f64, offset: f64): void {
  const whole = row + (<usize>(columns & ~1) << 3)
  const origins = f64x2.splat(origin)
  const offsets = f64x2.splat(offset)
  let square: f64 = 0
  let to = row
  for (; to < whole; to += 16, pole += 16, numerator += 16) {
    const entries = f64x2.div(v128.load(numerator), f64x2.sub(f64x2.sub(v128.load(pole), origins), offsets))
    const squares = f64x2.mul(entries, entries)
    v128.store(to, entries)
    square += f64x2.extract_lane(squares, 0)
    square += f64x2.extract_lane(squares, 1)
  }
  if (columns & 1) {
    const entry = load<f64>(numerator) / (load<f64>(pole) - origin - offset)
    store<f64>(to, entry)
    square += entry * entry
  }
  const factor = 1 / Math.sqrt(square)
  const factors = f64x2.splat(factor)
  for (to = row; to < whole; to += 16) v128.store(to, f64x2.mul(v128.load(to), factors))
  if (columns & 1) store<f64>(to, load<f64>(to) * factor)
}
