import type { AugmentKernel } from '../../kernels.ts'
import { elementOf, rowStart } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import { all, divided, i32, u32 } from '../wgsl.ts'
import { rowWriter } from '../write.ts'
import { elementwiseSegment } from './elementwise.ts'

/** Images shifted and mirrored by their codes: every pixel of the result looks up where it comes from. */
export function augmentSegment(bindings: Bindings, { x, codes, height, width, channels, to }: AugmentKernel, options: SegmentOptions): Segment {
  const writer = rowWriter(bindings, { mode: 'assign', to })
  return elementwiseSegment(
    {
      label: 'augment',
      rows: x.rows * height * width,
      cols: channels,
      perRow: [
        divided('row', width, 'line', 'column'),
        divided('line', height, 'image', 'y'),
        `let code = ${elementOf(bindings, codes, 'image', '0u')};`,
        `let mirrored = select(column, ${u32(width - 1)} - column, (code >> 16u) == 1u);`,
        'let fromY = i32(y) + i32(code & 255u) - 128i;',
        'let fromX = i32(mirrored) + i32((code >> 8u) & 255u) - 128i;',
        `let inside = ${all(`u32(fromY) < ${u32(height)}`, `u32(fromX) < ${u32(width)}`)};`,
        `let pixel = select(0u, u32(fromY * ${i32(width)} + fromX) * ${u32(channels)}, inside);`,
        `let source = ${rowStart(bindings, x, 'image')} + pixel;`,
        writer.prelude('row', ''),
      ],
      perElement: [`let value = select(0.0, ${bindings.read(x.buffer)}[source + col], inside);`, writer.element('col', 'value', '')],
    },
    options,
  )
}
