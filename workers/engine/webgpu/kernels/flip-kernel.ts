import type { FlipKernelKernel } from '../../kernels.ts'
import { elementOf, rowStart } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import { over, modulo, plus, times, u32 } from '../wgsl.ts'
import { elementwiseSegment } from './elementwise.ts'

/** The kernel turned by 180°, channels exchanged: to[(position, filter), input] ← x[(last − position, input), filter]. */
export function flipKernelSegment(bindings: Bindings, { x, kernelHeight, kernelWidth, to }: FlipKernelKernel, options: SegmentOptions): Segment {
  const positions = kernelHeight * kernelWidth
  const inputs = x.rows / positions
  const source = plus(times(`${u32(positions - 1)} - ${over('row', x.cols)}`, inputs), 'col')
  const statements = [
    `let value = ${elementOf(bindings, x, source, modulo('row', x.cols))};`,
    `${bindings.write(to.buffer)}[${plus(rowStart(bindings, to, 'row'), 'col')}] = value;`,
  ]
  return elementwiseSegment('flipKernel', { rows: positions * x.cols, cols: inputs }, statements, options)
}
