import { EngineError } from '../../engine.ts'
import type { WindowGeometry } from '../../windows.ts'
import { all, divided, modulo, over, times, u32 } from '../wgsl.ts'

/** Statements for a row of a result that has one per window: its image and its place. */
export function windowOfRow(windows: WindowGeometry): readonly string[] {
  refuseSpread(windows)
  return [divided('row', windows.outWidth, 'line', 'ox'), divided('line', windows.outHeight, 'image', 'oy')]
}

/** Statements for a row of a result that has one per pixel: its image and its place. */
export function pixelOfRow(windows: WindowGeometry): readonly string[] {
  refuseSpread(windows)
  return [divided('row', windows.width, 'line', 'x'), divided('line', windows.height, 'image', 'y')]
}

/** Statements for the pixels of the window at (oy, ox) that lie in the image: [yFrom, yTo) × [xFrom, xTo). */
export function pixelsOfWindow(windows: WindowGeometry): readonly string[] {
  return [
    axisPixels('y', windows.height, windows.kernelHeight, windows.padTop, windows.stride),
    axisPixels('x', windows.width, windows.kernelWidth, windows.padLeft, windows.stride),
  ].flat()
}

function axisPixels(axis: string, size: number, kernel: number, pad: number, stride: number): readonly string[] {
  const start = times(`o${axis}`, stride)
  if (pad === 0) return [`let ${axis}From = ${start};`, `let ${axis}To = min(${u32(size)}, ${start} + ${u32(kernel)});`]
  return [
    `let ${axis}From = max(${u32(pad)}, ${start}) - ${u32(pad)};`,
    `let ${axis}To = min(${u32(size + pad)}, ${start} + ${u32(kernel)}) - ${u32(pad)};`,
  ]
}

/** Whether no two windows share a pixel. */
export function areApart({ stride, kernelHeight, kernelWidth }: WindowGeometry): boolean {
  return stride >= kernelHeight && stride >= kernelWidth
}

/** Statements of a kernel that works row by row. */
export interface Statements {
  readonly perRow: readonly string[]
  readonly perElement: readonly string[]
}

/** Statements for the one window (oy, ox) that may hold pixel (y, x) where windows lie apart; `inside` says whether it does. */
export function windowOfPixel({ outHeight, outWidth, kernelHeight, kernelWidth, padTop, padLeft, stride }: WindowGeometry): readonly string[] {
  const [y, x] = [shifted('y', padTop), shifted('x', padLeft)]
  const inside = all(...axisInside('y', y, kernelHeight, outHeight, stride), ...axisInside('x', x, kernelWidth, outWidth, stride))
  return [`let oy = ${over(y, stride)};`, `let ox = ${over(x, stride)};`, `let inside = ${inside};`]
}

/** Statements that run `body` for every window that holds pixel (y, x), in order; `body` sees `oy` and `ox`. */
export function windowsOfPixel({ outHeight, outWidth, kernelHeight, kernelWidth, padTop, padLeft, stride }: WindowGeometry, body: string): Statements {
  return {
    perRow: [...axisWindows('y', kernelHeight, outHeight, padTop, stride), ...axisWindows('x', kernelWidth, outWidth, padLeft, stride)],
    perElement: ['for (var oy = oyFrom; oy < oyTo; oy++) {', `for (var ox = oxFrom; ox < oxTo; ox++) { ${body} }`, '}'],
  }
}

function shifted(axis: string, pad: number): string {
  return pad === 0 ? axis : `(${axis} + ${u32(pad)})`
}

function axisInside(axis: string, place: string, kernel: number, count: number, stride: number): readonly string[] {
  return [`o${axis} < ${u32(count)}`, ...(kernel < stride ? [`${modulo(place, stride)} < ${u32(kernel)}`] : [])]
}

function axisWindows(axis: string, kernel: number, count: number, pad: number, stride: number): readonly string[] {
  const place = shifted(axis, pad)
  return [
    `let o${axis}From = select(${over(`${place} - ${u32(kernel)}`, stride)} + 1u, 0u, ${place} < ${u32(kernel)});`,
    `let o${axis}To = min(${u32(count)}, ${over(place, stride)} + 1u);`,
  ]
}

/** Number of pixels of the window at (oy, ox) that lie in the image, as a float: a constant where none is cut. */
export function pixelsInside(windows: WindowGeometry): string {
  const { height, width, kernelHeight, kernelWidth, outHeight, outWidth, padTop, padLeft, stride } = windows
  const vertical = axisCount('oy', height, kernelHeight, outHeight, padTop, stride)
  const horizontal = axisCount('ox', width, kernelWidth, outWidth, padLeft, stride)
  return `f32((${vertical}) * (${horizontal}))`
}

function axisCount(place: string, size: number, kernel: number, count: number, pad: number, stride: number): string {
  if (pad === 0 && (count - 1) * stride + kernel <= size) return u32(kernel)
  const start = times(place, stride)
  return `min(${u32(size + pad)}, ${start} + ${u32(kernel)}) - max(${u32(pad)}, ${start})`
}

function refuseSpread({ spread }: WindowGeometry): void {
  if (spread !== 1) throw new EngineError('compile', `pooling: windows with pixels ${spread} apart; only convolutions spread their pixels`)
}
