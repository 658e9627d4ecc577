import type { FlipKernelKernel } from '../../kernels.ts'
import { rowStart } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import { divided, times, u32 } from '../wgsl.ts'
import { rowWriter } from '../write.ts'
import { elementwiseSegment } from './elementwise.ts'

/** The kernel turned by 180°, channels exchanged: to[(position, output), input] ← x[(last − position, input), output]. */
export function flipKernelSegment(bindings: Bindings, { x, kernelHeight, kernelWidth, to }: FlipKernelKernel, options: SegmentOptions): Segment {
  const positions = kernelHeight * kernelWidth
  const inputs = x.rows / positions
  const writer = rowWriter(bindings, { mode: 'assign', to })
  return elementwiseSegment(
    {
      label: 'flipKernel',
      rows: positions * x.cols,
      cols: inputs,
      perRow: [divided('row', x.cols, 'position', 'output'), `let turned = ${times(`${u32(positions - 1)} - position`, inputs)};`, writer.prelude('row', '')],
      perElement: [`let value = ${bindings.read(x.buffer)}[${rowStart(bindings, x, 'turned + col')} + output];`, writer.element('col', 'value', '')],
    },
    options,
  )
}
