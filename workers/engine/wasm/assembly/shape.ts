import { firstRow, operandAt, Operand, rowOf } from './operand'

/** What happens to a finished product before it is written: bias, ReLU, mask. */
let shaped: bool = false
let bias: usize = 0
let relu: bool = false
let mask: Operand = changetype<Operand>(0)

/** Binds the shaping block at a descriptor address: relu, bias operand, mask operand. */
export function bindShape(block: usize): void {
  relu = load<u32>(block) != 0
  const biasOperand = operandAt(block, 1)
  bias = biasOperand.base != 0 ? firstRow(biasOperand) : 0
  mask = operandAt(block, 5)
  shaped = relu || bias != 0 || mask.base != 0
}

// @ts-ignore: decorator
@inline
export function isShaped(): bool {
  return shaped
}

/** mask(relu(value + bias)) for four columns of row r, the first at `column` bytes. */
export function shape(r: u32, column: usize, value: v128): v128 {
  let result = value
  if (bias != 0) result = f32x4.add(result, v128.load(bias + column))
  if (relu) result = f32x4.max(result, f32x4.splat(0))
  if (mask.base != 0) {
    const by = v128.load(rowOf(mask, r) + column)
    result = v128.and(result, f32x4.gt(by, f32x4.splat(0)))
  }
  return result
}

/** Address of the bias, or 0. */
// @ts-ignore: decorator
@inline
export function biasAt(): usize {
  return bias
}

/** What a value is raised to at least. */
// @ts-ignore: decorator
@inline
export function reluFloor(): v128 {
  return f32x4.splat(relu ? 0 : -Infinity)
}

// @ts-ignore: decorator
@inline
export function isMasked(): bool {
  return mask.base != 0
}

/** Row r of the mask. */
// @ts-ignore: decorator
@inline
export function maskAt(r: u32): usize {
  return rowOf(mask, r)
}
