import type { Operand } from '../../tensor.ts'
import { windowCount, type WindowGeometry } from '../../windows.ts'
import { rowStart } from '../addressing.ts'
import { all, divided, i32, modulo, over, plus, times, u32 } from '../wgsl.ts'
import { fmaStatements, lines, loader, sliceRange, type TermContext } from './product-loops.ts'
import { range, type ProductTerm } from './product.ts'

/** Channels of a pixel that need no loop: so short a loop costs as much as its body. */
const MOST_UNROLLED = 3

/** Statements that add a product with the windows of images to a tile, without the matrix of windows being made. */
export function patchStatements(term: ProductTerm, windows: WindowGeometry, context: TermContext): string {
  if (term.a === null) throw new Error('patch-sums: a product of windows needs images')
  if (!term.transposeA) return windowsTimes(term.a, term, windows, context)
  return windows.channels % context.layout.tile.m === 0 && windows.spread === 1
    ? regularPixelsTimes(term.a, term, windows, context)
    : pixelsTimes(term.a, term, windows, context)
}

/** An integer expression; negative where a window reaches out of the image. */
function signed(expression: string, stride: number, pad: number): string {
  const place = stride === 1 ? `i32(${expression})` : `i32(${times(expression, stride)})`
  return pad === 0 ? place : `${place} ${pad > 0 ? '-' : '+'} ${i32(Math.abs(pad))}`
}

/** Whether every window lies inside its image, so that nothing must be tested. */
function staysInside({ height, width, kernelHeight, kernelWidth, outHeight, outWidth, padTop, padLeft, stride, spread }: WindowGeometry): boolean {
  const fits = (size: number, kernel: number, places: number): boolean => (places - 1) * stride + kernel <= size
  return spread === 1 && padTop === 0 && padLeft === 0 && fits(height, kernelHeight, outHeight) && fits(width, kernelWidth, outWidth)
}

/** Condition that spread-out coordinate `name` falls on a pixel. One comparison: negative numbers are large when unsigned. */
function isPixel(name: string, size: number, spread: number): string {
  const inside = `u32(${name}) < ${u32((size - 1) * spread + 1)}`
  return spread === 1 ? inside : all(inside, `${modulo(`u32(${name})`, spread)} == 0u`)
}

/**
 * Windows times a matrix: k runs over the pixels of the window, one flat loop, and their channels. Rows of a tile
 * are places of windows; where they share a line of the image, what depends on it is found once.
 */
function windowsTimes(a: Operand, term: ProductTerm, windows: WindowGeometry, context: TermContext): string {
  const { bindings, layout, part, col } = context
  const { kernelHeight, kernelWidth, channels } = windows
  const right = loader(bindings, term.b, !term.transposeB, 'b', layout.tile.n, col)
  const rows = windowRows(a, windows, context)
  const k = times('position', channels)
  const inner = (c: string): string => lines(`let k = ${plus(k, c)};`, right.perStep, ...rows.loads(c), fmaStatements(layout))
  const channelLoop =
    channels <= MOST_UNROLLED
      ? lines(...range(channels).map((c) => lines('{', inner(u32(c)), '}')))
      : lines(`for (var c = 0u; c < ${u32(channels)}; c++) {`, inner('c'), '}')
  const { before, from, to } = sliceRange(kernelHeight * kernelWidth, layout.slices, part.slice)
  return lines(
    right.once,
    rows.once,
    before,
    `for (var position = ${from}; position < ${to}; position++) {`,
    divided('position', kernelWidth, 'ky', 'kx'),
    rows.perLine,
    rows.skip === null ? lines(rows.perPixel, channelLoop) : lines(`if (${rows.skip}) {`, rows.perPixel, channelLoop, '}'),
    '}',
  )
}

/** How a thread reaches the pixels of its tile's windows. */
interface WindowRows {
  readonly once: string
  /** Statements for a pixel (ky, kx) of the window: what its line of the image decides, then what is left. */
  readonly perLine: string
  readonly perPixel: string
  /** Condition without which no row of the tile has anything at the pixel; null where skipping would not pay. */
  readonly skip: string | null
  loads(channel: string): readonly string[]
}

function windowRows(a: Operand, windows: WindowGeometry, { bindings, layout, row }: TermContext): WindowRows {
  const { channels, outWidth, outHeight, stride, padTop, padLeft, spread, width, height } = windows
  const inside = staysInside(windows)
  const tileRows = range(layout.tile.m)
  const sharesLine = outWidth % (layout.tile.m * layout.rowStep) === 0
  const line = (i: number): string => (sharesLine ? '' : `${i}`)
  const perLine = (statements: (i: number) => string): string => lines(...(sharesLine ? [0] : tileRows).map(statements))
  const x = (i: number): string => (sharesLine && i > 0 ? `x0 + ${i32(i * layout.rowStep * stride)}` : signed(modulo(row(i), outWidth), stride, padLeft))
  const pixel = (i: number): string => {
    const place = times(plus(times(pixelOf(`wy${line(i)}`, spread), width), pixelOf(`wx${i}`, spread)), channels)
    const wx = `let wx${i} = x${i} + i32(kx);`
    if (inside) return lines(wx, `let p${i} = image${line(i)} + ${place};`)
    return lines(wx, `let in${i} = ${all(`inY${line(i)}`, isPixel(`wx${i}`, width, spread))};`, `let p${i} = image${line(i)} + select(0u, ${place}, in${i});`)
  }
  const buffer = bindings.read(a.buffer)
  return {
    once: lines(
      perLine((i) =>
        lines(
          `let image${line(i)} = ${rowStart(bindings, a, over(row(i), windowCount(windows)))};`,
          `let y${line(i)} = ${signed(modulo(over(row(i), outWidth), outHeight), stride, padTop)};`,
        ),
      ),
      ...tileRows.map((i) => `let x${i} = ${x(i)};`),
    ),
    perLine: perLine((i) => lines(`let wy${line(i)} = y${line(i)} + i32(ky);`, inside ? '' : `let inY${line(i)} = ${isPixel(`wy${line(i)}`, height, spread)};`)),
    perPixel: lines(...tileRows.map(pixel)),
    skip: spread > 1 && sharesLine ? all('inY', ...(layout.rowStep === spread ? [reaches('x0 + i32(kx)', padLeft, spread)] : [])) : null,
    loads: (channel) =>
      tileRows.map((i) => {
        const value = `${buffer}[${plus(`p${i}`, channel)}]`
        return `let a${i} = ${inside ? value : `select(0.0, ${value}, in${i})`};`
      }),
  }
}

/** Condition that a spread-out coordinate of at least −pad falls on a multiple of `spread`. */
function reaches(coordinate: string, pad: number, spread: number): string {
  return `${modulo(`u32(${coordinate} + ${i32(Math.ceil(pad / spread) * spread)})`, spread)} == 0u`
}

/** Pixel of a spread-out coordinate; any number where there is none. */
function pixelOf(name: string, spread: number): string {
  return over(`u32(${name})`, spread)
}

/** Steps of k by lines of places: `body` sees `image`, `oy` and `line`; k of place ox is line·outWidth + ox. */
function lineLoop(images: number, { outHeight }: WindowGeometry, { layout, part }: TermContext, body: string): string {
  const { before, from, to } = sliceRange(images * outHeight, layout.slices, part.slice)
  return lines(before, `for (var line = ${from}; line < ${to}; line++) {`, divided('line', outHeight, 'image', 'oy'), body, '}')
}

/**
 * Pixels of windows times a matrix, the tile's rows being neighbouring channels of one pixel of the window: the
 * places at which that pixel lies in the image are a rectangle, so that nothing is tested in the inner loop.
 */
function regularPixelsTimes(a: Operand, term: ProductTerm, windows: WindowGeometry, context: TermContext): string {
  const { bindings, layout, col } = context
  const { kernelWidth, channels, outWidth, stride, padTop, padLeft, width, height } = windows
  const inside = staysInside(windows)
  const right = loader(bindings, term.b, !term.transposeB, 'b', layout.tile.n, col)
  const buffer = bindings.read(a.buffer)
  const shift = padLeft + stride - 1
  const setup = [
    `let c0 = ${modulo('r0', channels)};`,
    `let kx = ${modulo(over('r0', channels), kernelWidth)};`,
    `let ky = ${over('r0', channels * kernelWidth)};`,
    ...(inside ? [] : [`let oxFrom = ${over(`max(${u32(shift)}, kx) - kx`, stride)};`, `let oxTo = min(${u32(outWidth)}, ${over(`max(${u32(width + shift)}, kx) - kx`, stride)});`]),
  ]
  const loads = range(layout.tile.m).map((i) => `let a${i} = ${buffer}[${plus('ak', u32(i))}];`)
  const step = lines(`let ak = p + ${times('ox', stride * channels)};`, `let k = ${plus(times('line', outWidth), 'ox')};`, right.perStep, ...loads, fmaStatements(layout))
  const body = lines(
    `let y = ${signed('oy', stride, padTop)} + i32(ky);`,
    `let p = ${rowStart(bindings, a, 'image')} + c0 + u32(y * ${i32(width)} + i32(kx) - ${i32(padLeft)}) * ${u32(channels)};`,
    // A line outside the image is a loop without steps: a condition around the loop would take longer to compile.
    inside ? '' : `let oxEnd = select(oxFrom, oxTo, ${isPixel('y', height, 1)});`,
    `for (var ox = ${inside ? '0u' : 'oxFrom'}; ox < ${inside ? u32(outWidth) : 'oxEnd'}; ox++) {`,
    step,
    '}',
  )
  return lines(right.once, ...setup, lineLoop(a.rows, windows, context, body))
}

/** Pixels of windows times a matrix where the tile's rows are different pixels: each is tested at every place. */
function pixelsTimes(a: Operand, term: ProductTerm, windows: WindowGeometry, context: TermContext): string {
  const { bindings, layout, row, col } = context
  const { kernelWidth, channels, outWidth, stride, padTop, padLeft, width, height, spread } = windows
  const inside = staysInside(windows)
  const tileRows = range(layout.tile.m)
  const right = loader(bindings, term.b, !term.transposeB, 'b', layout.tile.n, col)
  const buffer = bindings.read(a.buffer)
  const setup = tileRows.map((i) =>
    lines(
      `let c${i} = ${modulo(row(i), channels)};`,
      `let kx${i} = i32(${modulo(over(row(i), channels), kernelWidth)});`,
      `let ky${i} = i32(${over(row(i), channels * kernelWidth)});`,
    ),
  )
  const lineSetup = tileRows.map((i) =>
    lines(
      `let y${i} = ${signed('oy', stride, padTop)} + ky${i};`,
      ...(inside ? [] : [`let inY${i} = ${isPixel(`y${i}`, height, spread)};`]),
      `let p${i} = ${times(pixelOf(`y${i}`, spread), width)};`,
    ),
  )
  const loads = tileRows.map((i) => {
    const place = plus(times(plus(`p${i}`, pixelOf(`x${i}`, spread)), channels), `c${i}`)
    const x = `let x${i} = ${signed('ox', stride, padLeft)} + kx${i};`
    if (inside) return lines(x, `let a${i} = ${buffer}[start + ${place}];`)
    return lines(x, `let in${i} = ${all(`inY${i}`, isPixel(`x${i}`, width, spread))};`, `let a${i} = select(0.0, ${buffer}[start + select(0u, ${place}, in${i})], in${i});`)
  })
  const step = lines(`let k = ${plus(times('line', outWidth), 'ox')};`, right.perStep, ...loads, fmaStatements(layout))
  const body = lines(`let start = ${rowStart(bindings, a, 'image')};`, ...lineSetup, `for (var ox = 0u; ox < ${u32(outWidth)}; ox++) {`, step, '}')
  return lines(right.once, ...setup, lineLoop(a.rows, windows, context, body))
}
