import type { MaxPoolKernel } from '../../kernels.ts'
import type { Operand } from '../../tensor.ts'
import { windowCount } from '../../windows.ts'
import { rowStart } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import { plus, times } from '../wgsl.ts'
import { elementwiseSegment } from './elementwise.ts'
import { pixelsOfWindow, windowOfRow } from './pool-windows.ts'

/**
 * Maximum of every window, one thread per result, pixels in row-major order: the first wins among equals. A NaN wins
 * where the device keeps NaNs; WGSL allows it to take comparisons as if there were none.
 */
export function maxPoolSegment(bindings: Bindings, { x, windows, output, argmax }: MaxPoolKernel, options: SegmentOptions): Segment {
  const { width, channels } = windows
  const pixels = bindings.read(x.buffer)
  const write = (operand: Operand | null, value: string): string =>
    operand === null ? '' : `${bindings.write(operand.buffer)}[${plus(rowStart(bindings, operand, 'row'), 'col')}] = ${value};`
  const statements = [
    ...windowOfRow(windows),
    ...pixelsOfWindow(windows),
    `let start = ${plus(rowStart(bindings, x, 'image'), 'col')};`,
    `var place = ${times('yFrom', width)} + xFrom;`,
    `var best = ${pixels}[start + ${times('place', channels)}];`,
    'for (var y = yFrom; y < yTo; y++) {',
    'for (var x = xFrom; x < xTo; x++) {',
    `let pixel = ${times('y', width)} + x;`,
    `let value = ${pixels}[start + ${times('pixel', channels)}];`,
    'if ((value > best) | ((value != value) & (best == best))) { best = value; place = pixel; }',
    '}',
    '}',
    write(output, 'best'),
    write(argmax, 'f32(place)'),
  ]
  const label = `maxPool ${windows.kernelHeight}×${windows.kernelWidth} to`
  return elementwiseSegment(label, { rows: x.rows * windowCount(windows), cols: channels }, statements, options)
}
