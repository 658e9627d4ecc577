import type { Operand } from '../../tensor.ts'
import { windowCount, type WindowGeometry } from '../../windows.ts'
import { rowStart } from '../addressing.ts'
import { all, divided, i32, modulo, over, plus, times, u32 } from '../wgsl.ts'
import { fmaStatements, lines, loader, sliceRange, type TermContext } from './product-loops.ts'
import { range, type ProductTerm } from './product.ts'

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
 * Windows times a matrix: k runs over the pixels of the window and their channels. Rows of a tile are places of
 * windows; where they share a line of the image, its test is made once.
 */
function windowsTimes(a: Operand, term: ProductTerm, windows: WindowGeometry, context: TermContext): string {
  const { bindings, layout, part, row, col } = context
  const { kernelHeight, kernelWidth, channels, outWidth, stride, padTop, padLeft, spread, width, height } = windows
  const sharesLine = outWidth % (layout.tile.m * layout.rowStep) === 0
  const inside = staysInside(windows)
  const tileRows = range(layout.tile.m)
  const line = (i: number): string => (sharesLine ? '' : `${i}`)
  const setup = (sharesLine ? [0] : tileRows).map((i) =>
    lines(
      `let image${line(i)} = ${rowStart(bindings, a, over(row(i), windowCount(windows)))};`,
      `let y${line(i)} = ${signed(modulo(over(row(i), outWidth), windows.outHeight), stride, padTop)};`,
    ),
  )
  const columns = tileRows.map((i) => `let x${i} = ${sharesLine && i > 0 ? `x0 + ${i32(i * layout.rowStep * stride)}` : signed(modulo(row(i), outWidth), stride, padLeft)};`)
  const ky = (i: number): string => `let wy${line(i)} = y${line(i)} + i32(ky);`
  const pixel = (i: number): string => {
    const place = times(plus(times(pixelOf(`wy${line(i)}`, spread), width), pixelOf(`wx${i}`, spread)), channels)
    const wx = `let wx${i} = x${i} + i32(kx);`
    if (inside) return lines(wx, `let p${i} = image${line(i)} + ${place};`)
    const tests = [isPixel(`wx${i}`, width, spread), ...(sharesLine ? [] : [isPixel(`wy${i}`, height, spread)])]
    return lines(wx, `let in${i} = ${all(...tests)};`, `let p${i} = image${line(i)} + select(0u, ${place}, in${i});`)
  }
  const right = loader(bindings, term.b, !term.transposeB, 'b', layout.tile.n, col)
  const buffer = bindings.read(a.buffer)
  const loads = tileRows.map((i) => {
    const value = `${buffer}[${channels === 1 ? `p${i}` : `p${i} + c`}]`
    return `let a${i} = ${inside ? value : `select(0.0, ${value}, in${i})`};`
  })
  const first = times('position', channels)
  const step = lines(`let k = ${channels === 1 ? 'position' : `${first} + c`};`, right.perStep, ...loads, fmaStatements(layout))
  const channelLoop = channels === 1 ? step : lines(`for (var c = 0u; c < ${u32(channels)}; c++) {`, step, '}')
  const guarded = (body: string): string => (sharesLine && !inside ? lines(`if (${isPixel('wy', height, spread)}) {`, body, '}') : body)
  const wys = lines(...(sharesLine ? [0] : tileRows).map(ky))
  const atPixel = lines(...tileRows.map(pixel), channelLoop)
  const { before, from, to } = sliceRange(kernelHeight * kernelWidth, layout.slices, part.slice)
  const loops =
    layout.slices > 1
      ? lines(
          before,
          `for (var position = ${from}; position < ${to}; position++) {`,
          divided('position', kernelWidth, 'ky', 'kx'),
          wys,
          guarded(atPixel),
          '}',
        )
      : lines(
          `for (var ky = 0u; ky < ${u32(kernelHeight)}; ky++) {`,
          wys,
          guarded(lines(`for (var kx = 0u; kx < ${u32(kernelWidth)}; kx++) {`, `let position = ${plus(times('ky', kernelWidth), 'kx')};`, atPixel, '}')),
          '}',
        )
  return lines(right.once, ...setup, ...columns, loops)
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
  const origin = `p0 + u32(y * ${i32(width)} + i32(kx) - ${i32(padLeft)}) * ${u32(channels)}`
  const row = lines(`let p = ${origin};`, `for (var ox = ${inside ? '0u' : 'oxFrom'}; ox < ${inside ? u32(outWidth) : 'oxTo'}; ox++) {`, step, '}')
  const body = lines(
    `let y = ${signed('oy', stride, padTop)} + i32(ky);`,
    `let p0 = ${plus(rowStart(bindings, a, 'image'), 'c0')};`,
    ...(inside ? [row] : [`if (${isPixel('y', height, 1)}) {`, row, '}']),
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
