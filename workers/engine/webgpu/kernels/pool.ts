import type { PoolKernel } from '../../kernels.ts'
import { windowCount } from '../../windows.ts'
import { elementOf, rowStart } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import { plus, times } from '../wgsl.ts'
import { elementwiseSegment } from './elementwise.ts'
import { pixelOfRow, pixelsInside, pixelsOfWindow, windowOfRow, windowsOfPixel } from './pool-windows.ts'

/** The linear maps of pooling, one thread per result: what is put back is gathered, so that sums have a fixed order. */
export function poolSegment(bindings: Bindings, kernel: PoolKernel, options: SegmentOptions): Segment {
  const { apply, x, windows, to } = kernel
  const toWindows = apply === 'takeAt' || apply === 'averagePool'
  const rows = x.rows * (toWindows ? windowCount(windows) : windows.height * windows.width)
  const statements = [
    ...(toWindows ? windowOfRow(windows) : pixelOfRow(windows)),
    ...valueStatements(bindings, kernel),
    `${bindings.write(to.buffer)}[${plus(rowStart(bindings, to, 'row'), 'col')}] = value;`,
  ]
  return elementwiseSegment(apply, { rows, cols: windows.channels }, statements, options)
}

function valueStatements(bindings: Bindings, { apply, x, argmax, windows }: PoolKernel): readonly string[] {
  const { width, outWidth, channels } = windows
  const place = plus(times(plus(times('oy', outWidth), 'ox'), channels), 'col')
  const places = argmax === null ? '' : elementOf(bindings, argmax, 'image', 'place')
  switch (apply) {
    case 'takeAt':
      return [`let place = ${place};`, `let pixel = u32(${places});`, `let value = ${elementOf(bindings, x, 'image', plus(times('pixel', channels), 'col'))};`]
    case 'putAt': {
      const add = `let place = ${place}; if (${places} == pixel) { value += ${elementOf(bindings, x, 'image', 'place')}; }`
      return [`let pixel = f32(${plus(times('y', width), 'x')});`, 'var value = 0.0;', ...windowsOfPixel(windows, add)]
    }
    case 'averagePool':
      return [
        ...pixelsOfWindow(windows),
        `let start = ${plus(rowStart(bindings, x, 'image'), 'col')};`,
        'var sum = 0.0;',
        'for (var y = yFrom; y < yTo; y++) {',
        `for (var x = xFrom; x < xTo; x++) { sum += ${bindings.read(x.buffer)}[start + ${times(plus(times('y', width), 'x'), channels)}]; }`,
        '}',
        `let value = sum / ${pixelsInside(windows)};`,
      ]
    case 'averageBack':
      return ['var value = 0.0;', ...windowsOfPixel(windows, `value += ${elementOf(bindings, x, 'image', place)} / ${pixelsInside(windows)};`)]
  }
}
