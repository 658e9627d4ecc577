import { firstRow, operandAt, rowOf } from './operand'

/** Head of a descriptor; the operands x and to lie at words 4 and 8. */
@unmanaged
class SquaredNorm {
  kind: u32
  rows: u32
  columns: u32
  reserved: u32
}

/** to ← Σ x², in double precision: two sums of every second element, then their sum, then the last odd elements. */
export function squaredNorm(descriptor: usize): void {
  const head = changetype<SquaredNorm>(descriptor)
  let pairs = f64x2.splat(0)
  let rest: f64 = 0
  for (let r: u32 = 0; r < head.rows; r++) {
    let from = rowOf(operandAt(descriptor, 4), r)
    const end = from + (head.columns << 2)
    for (; from + 16 <= end; from += 16) {
      const four = v128.load(from)
      const low = f64x2.promote_low_f32x4(four)
      const high = f64x2.promote_low_f32x4(v128.shuffle<u64>(four, four, 1, 1))
      pairs = f64x2.add(pairs, f64x2.mul(low, low))
      pairs = f64x2.add(pairs, f64x2.mul(high, high))
    }
    for (; from < end; from += 4) rest += <f64>load<f32>(from) * <f64>load<f32>(from)
  }
  store<f32>(firstRow(operandAt(descriptor, 8)), <f32>(f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1) + rest))
}
