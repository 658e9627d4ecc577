import type { MaxPoolKernel } from '../../kernels.ts'
import { windowCount } from '../../windows.ts'
import { rowStart } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import { times } from '../wgsl.ts'
import { rowWriter } from '../write.ts'
import { elementwiseSegment } from './elementwise.ts'
import { pixelsOfWindow, windowOfRow } from './pool-windows.ts'

/**
 * Maximum of every window, pixels in row-major order: the first wins among equals. A NaN wins where the device keeps
 * NaNs; WGSL allows it to compare as if there were none.
 */
export function maxPoolSegment(bindings: Bindings, { x, windows, output, argmax }: MaxPoolKernel, options: SegmentOptions): Segment {
  const { width, channels, kernelHeight, kernelWidth } = windows
  const pixels = bindings.read(x.buffer)
  const results = [
    ...(output === null ? [] : [{ writer: rowWriter(bindings, { mode: 'assign', to: output }), value: 'best', suffix: '_output' }]),
    ...(argmax === null ? [] : [{ writer: rowWriter(bindings, { mode: 'assign', to: argmax }), value: 'f32(place)', suffix: '_argmax' }]),
  ]
  return elementwiseSegment(
    {
      label: `maxPool ${kernelHeight}×${kernelWidth} to`,
      rows: x.rows * windowCount(windows),
      cols: channels,
      perRow: [
        ...windowOfRow(windows),
        ...pixelsOfWindow(windows),
        `let image0 = ${rowStart(bindings, x, 'image')};`,
        ...results.map(({ writer, suffix }) => writer.prelude('row', suffix)),
      ],
      perElement: [
        'let start = image0 + col;',
        `var place = ${times('yFrom', width)} + xFrom;`,
        `var best = ${pixels}[start + ${times('place', channels)}];`,
        'for (var y = yFrom; y < yTo; y++) {',
        'for (var x = xFrom; x < xTo; x++) {',
        `let pixel = ${times('y', width)} + x;`,
        `let value = ${pixels}[start + ${times('pixel', channels)}];`,
        'let wins = (value > best) | ((value != value) & (best == best));',
        'best = select(best, value, wins);',
        'place = select(place, pixel, wins);',
        '}',
        '}',
        ...results.map(({ writer, value, suffix }) => writer.element('col', value, suffix)),
      ],
    },
    options,
  )
}
