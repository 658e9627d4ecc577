import type { PoolKernel } from '../../kernels.ts'
import { windowCount } from '../../windows.ts'
import { rowStart } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import { plus, times } from '../wgsl.ts'
import { rowWriter } from '../write.ts'
import { elementwiseSegment } from './elementwise.ts'
import { areApart, pixelOfRow, pixelsInside, pixelsOfWindow, windowOfPixel, windowOfRow, windowsOfPixel, type Statements } from './pool-windows.ts'

/** The linear maps of pooling. What is put back is gathered by the pixels, so that sums have a fixed order. */
export function poolSegment(bindings: Bindings, kernel: PoolKernel, options: SegmentOptions): Segment {
  const { apply, x, windows, to } = kernel
  const toWindows = apply === 'takeAt' || apply === 'averagePool'
  const writer = rowWriter(bindings, { mode: 'assign', to })
  const { perRow, perElement } = statementsOf(bindings, kernel)
  return elementwiseSegment(
    {
      label: apply,
      rows: x.rows * (toWindows ? windowCount(windows) : windows.height * windows.width),
      cols: windows.channels,
      perRow: [...(toWindows ? windowOfRow(windows) : pixelOfRow(windows)), `let values = ${rowStart(bindings, x, 'image')};`, ...perRow, writer.prelude('row', '')],
      perElement: [...perElement, writer.element('col', 'value', '')],
    },
    options,
  )
}

function statementsOf(bindings: Bindings, kernel: PoolKernel): Statements {
  switch (kernel.apply) {
    case 'takeAt':
      return takeAt(bindings, kernel)
    case 'putAt':
      return putAt(bindings, kernel)
    case 'averagePool':
      return averagePool(bindings, kernel)
    case 'averageBack':
      return averageBack(bindings, kernel)
  }
}

/** Element of a window's first channel within its image. */
function windowStart({ windows: { outWidth, channels } }: PoolKernel): string {
  return times(plus(times('oy', outWidth), 'ox'), channels)
}

function takeAt(bindings: Bindings, kernel: PoolKernel): Statements {
  const { x, windows, argmax } = kernel
  if (argmax === null) throw new Error('pool: takeAt needs argmax')
  return {
    perRow: [`let places = ${rowStart(bindings, argmax, 'image')} + ${windowStart(kernel)};`],
    perElement: [
      `let pixel = u32(${bindings.read(argmax.buffer)}[places + col]);`,
      `let value = ${bindings.read(x.buffer)}[values + ${times('pixel', windows.channels)} + col];`,
    ],
  }
}

function putAt(bindings: Bindings, kernel: PoolKernel): Statements {
  const { x, windows, argmax } = kernel
  if (argmax === null) throw new Error('pool: putAt needs argmax')
  const [name, places] = [bindings.read(x.buffer), bindings.read(argmax.buffer)]
  const perRow = [`let pixel = f32(${plus(times('y', windows.width), 'x')});`, `let places = ${rowStart(bindings, argmax, 'image')};`]
  if (areApart(windows)) {
    return {
      perRow: [...perRow, ...windowOfPixel(windows), `let start = select(0u, ${windowStart(kernel)}, inside);`],
      perElement: [`let value = select(0.0, ${name}[values + start + col], inside & (${places}[places + start + col] == pixel));`],
    }
  }
  const add = `let place = ${windowStart(kernel)} + col; value += select(0.0, ${name}[values + place], ${places}[places + place] == pixel);`
  const { perRow: ranges, perElement: loops } = windowsOfPixel(windows, add)
  return { perRow: [...perRow, ...ranges], perElement: ['var value = 0.0;', ...loops] }
}

function averagePool(bindings: Bindings, { x, windows }: PoolKernel): Statements {
  const { width, channels } = windows
  return {
    perRow: [...pixelsOfWindow(windows), `let inside = ${pixelsInside(windows)};`],
    perElement: [
      'var sum = 0.0;',
      'for (var y = yFrom; y < yTo; y++) {',
      `for (var x = xFrom; x < xTo; x++) { sum += ${bindings.read(x.buffer)}[values + ${times(plus(times('y', width), 'x'), channels)} + col]; }`,
      '}',
      'let value = sum / inside;',
    ],
  }
}

function averageBack(bindings: Bindings, kernel: PoolKernel): Statements {
  const { x, windows } = kernel
  const name = bindings.read(x.buffer)
  if (areApart(windows)) {
    return {
      perRow: [...windowOfPixel(windows), `let start = select(0u, ${windowStart(kernel)}, inside);`, `let pixels = ${pixelsInside(windows)};`],
      perElement: [`let value = select(0.0, ${name}[values + start + col] / pixels, inside);`],
    }
  }
  const { perRow, perElement } = windowsOfPixel(windows, `value += ${name}[values + ${windowStart(kernel)} + col] / ${pixelsInside(windows)};`)
  return { perRow, perElement: ['var value = 0.0;', ...perElement] }
}
