import { firstRow, operandAt, rowOf } from './operand'

/** Head of a descriptor; the operands x, codes and to lie at words 5, 9 and 13. */
@unmanaged
class Augment {
  kind: u32
  images: u32
  height: u32
  width: u32
  channels: u32
}

/** Zero shift in a code. */
const CENTRE: i32 = 128

/** Copies `pixels` pixels to places that follow each other, from places `step` bytes apart. */
// @ts-ignore: decorator
@inline
function copyPixels(from: usize, step: usize, to: usize, pixels: i32, pixel: usize): void {
  const whole = pixel + 15 & ~15
  // The last vector of a pixel may reach into the next ones, which are written after it.
  for (; <usize>pixels * pixel >= whole; pixels--, from += step, to += pixel) {
    for (let c: usize = 0; c < pixel; c += 16) v128.store(to + c, v128.load(from + c))
  }
  for (; pixels > 0; pixels--, from += step, to += pixel) memory.copy(to, from, pixel)
}

/** Shifts and mirrors one row; `from` is the row it comes from, or 0 outside. */
function moveRow(from: usize, to: usize, width: i32, pixel: usize, dx: i32, flip: bool): void {
  // Places [begin, end) of the result see pixels of the image.
  const begin = from == 0 ? width : min(width, max(0, flip ? dx : -dx))
  const end = from == 0 ? width : max(begin, min(width, flip ? width + dx : width - dx))
  if (begin > 0) memory.fill(to, 0, begin * pixel)
  if (begin < end) {
    const start = from + <usize>(flip ? width - 1 - begin + dx : begin + dx) * pixel
    if (flip) copyPixels(start, 0 - pixel, to + begin * pixel, end - begin, pixel)
    else memory.copy(to + begin * pixel, start, (end - begin) * pixel)
  }
  if (end < width) memory.fill(to + end * pixel, 0, (width - end) * pixel)
}

/** Images shifted and mirrored by their codes, zeros outside. */
export function augment(descriptor: usize): void {
  const head = changetype<Augment>(descriptor)
  const height = <i32>head.height
  const width = <i32>head.width
  const pixel: usize = head.channels << 2
  const row = <usize>width * pixel
  let to = firstRow(operandAt(descriptor, 13))
  for (let i: u32 = 0; i < head.images; i++) {
    const code = load<u32>(rowOf(operandAt(descriptor, 9), i))
    const image = rowOf(operandAt(descriptor, 5), i)
    const dy = <i32>(code & 255) - CENTRE
    const dx = <i32>(code >> 8 & 255) - CENTRE
    for (let y: i32 = 0; y < height; y++, to += row) {
      const inside = y + dy >= 0 && y + dy < height
      moveRow(inside ? image + <usize>(y + dy) * row : 0, to, width, pixel, dx, code >> 16 == 1)
    }
  }
}
