import type { RankOneKernel } from '../../kernels.ts'
import { rowStart } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import { f32, plus, u32 } from '../wgsl.ts'
import { perRowSegment } from './per-row.ts'

/** to ← scale·(x ⊙ Σⱼ xⱼtⱼ), one thread per row. */
export function rankOneSegment(bindings: Bindings, kernel: RankOneKernel, options: SegmentOptions): Segment {
  const { tangent } = kernel
  return perRowSegment(
    `rankOne ${tangent.rows}×${tangent.cols}`,
    tangent,
    bindings,
    (values) => rankOneStatements(bindings, kernel, 'row', values),
    () => loopStatements(bindings, kernel),
    options,
  )
}

/** Statements for one row whose tangents are the given names. */
export function rankOneStatements(bindings: Bindings, { x, scale, to }: RankOneKernel, row: string, tangents: readonly string[]): string {
  const source = bindings.read(x.buffer)
  const target = bindings.write(to.buffer)
  return [
    `let x = ${rowStart(bindings, x, row)};`,
    `let to = ${rowStart(bindings, to, row)};`,
    ...tangents.map((_, j) => `let x${j} = ${source}[${plus('x', u32(j))}];`),
    `let along = ${f32(scale)} * (${tangents.map((tangent, j) => `x${j} * ${tangent}`).join(' + ')});`,
    ...tangents.map((_, j) => `${target}[${plus('to', u32(j))}] = x${j} * along;`),
  ].join('\n')
}

function loopStatements(bindings: Bindings, { x, tangent, scale, to }: RankOneKernel): string {
  const [source, slope, target] = [bindings.read(x.buffer), bindings.read(tangent.buffer), bindings.write(to.buffer)]
  const loop = (body: string): string => `for (var c = 0u; c < ${u32(tangent.cols)}; c++) { ${body} }`
  return [
    `let x = ${rowStart(bindings, x, 'row')};`,
    `let t = ${rowStart(bindings, tangent, 'row')};`,
    `let to = ${rowStart(bindings, to, 'row')};`,
    'var along = 0.0;',
    loop(`along = fma(${source}[x + c], ${slope}[t + c], along);`),
    loop(`${target}[to + c] = ${f32(scale)} * along * ${source}[x + c];`),
  ].join('\n')
}
