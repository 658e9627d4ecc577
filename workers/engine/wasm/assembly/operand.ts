/** First sample of the replay in progress; cursor and gathered operands are addressed relative to it. */
let cursor: u32 = 0

/** Moves the cursor. */
export function moveCursor(to: u32): void {
  cursor = to
}

/** An operand as the encoder lays it out. All distances are in bytes; base 0 stands for an absent operand. */
@unmanaged
export class Operand {
  base: usize
  rowStride: u32
  cursorStride: u32
  /** Address of the row numbers of a gathered operand, or 0. */
  index: usize
}

/** The operand `word` 32-bit words into a descriptor. */
// @ts-ignore: decorator
@inline
export function operandAt(descriptor: usize, word: usize): Operand {
  return changetype<Operand>(descriptor + (word << 2))
}

/** Address of row 0 of an operand that is not gathered. */
// @ts-ignore: decorator
@inline
export function firstRow(operand: Operand): usize {
  return operand.base + cursor * operand.cursorStride
}

/** Address of row r. */
// @ts-ignore: decorator
@inline
export function rowOf(operand: Operand, r: u32): usize {
  const index = operand.index
  if (index != 0) return operand.base + load<u32>(index + ((cursor + r) << 2)) * operand.rowStride
  return firstRow(operand) + r * operand.rowStride
}
