import type { AugmentKernel } from '../../kernels.ts'
import { elementOf, rowStart } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import { all, i32, over, plus, u32 } from '../wgsl.ts'
import { elementwiseSegment } from './elementwise.ts'

/** Images shifted and mirrored by their codes, one thread per number of the result. */
export function augmentSegment(bindings: Bindings, { x, codes, height, width, channels, to }: AugmentKernel, options: SegmentOptions): Segment {
  const statements = [
    `let image = ${over('row', height * width)};`,
    `let y = i32(${over('row', width)} % ${u32(height)});`,
    `let x = i32(row % ${u32(width)});`,
    `let code = ${elementOf(bindings, codes, 'image', '0u')};`,
    `let mirrored = select(x, ${i32(width - 1)} - x, code >> 16u == 1u);`,
    'let fromY = y + i32(code & 255u) - 128i;',
    'let fromX = mirrored + i32((code >> 8u) & 255u) - 128i;',
    `let inside = ${all(`u32(fromY) < ${u32(height)}`, `u32(fromX) < ${u32(width)}`)};`,
    `let source = select(0u, u32(fromY * ${i32(width)} + fromX) * ${u32(channels)} + col, inside);`,
    `let value = ${elementOf(bindings, x, 'image', 'source')};`,
    `${bindings.write(to.buffer)}[${plus(rowStart(bindings, to, 'row'), 'col')}] = select(0.0, value, inside);`,
  ]
  return elementwiseSegment('augment', { rows: x.rows * height * width, cols: channels }, statements, options)
}
