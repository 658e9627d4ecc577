import type { SoftmaxTangentKernel } from '../../kernels.ts'
import { rowStart } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import { f32, plus, u32 } from '../wgsl.ts'
import { perRowSegment } from './per-row.ts'

/** to ← scale·(p ⊙ (t − Σⱼ pⱼtⱼ)), one thread per row. */
export function softmaxTangentSegment(bindings: Bindings, kernel: SoftmaxTangentKernel, options: SegmentOptions): Segment {
  const { tangent } = kernel
  return perRowSegment(
    `softmaxTangent ${tangent.rows}×${tangent.cols}`,
    tangent,
    bindings,
    (values) => softmaxTangentStatements(bindings, kernel, 'row', values),
    () => loopStatements(bindings, kernel),
    options,
  )
}

/** Statements for one row whose tangents are the given names. */
export function softmaxTangentStatements(bindings: Bindings, { probabilities, scale, to }: SoftmaxTangentKernel, row: string, tangents: readonly string[]): string {
  const source = bindings.read(probabilities.buffer)
  const target = bindings.write(to.buffer)
  return [
    `let p = ${rowStart(bindings, probabilities, row)};`,
    `let to = ${rowStart(bindings, to, row)};`,
    ...tangents.map((_, j) => `let p${j} = ${source}[${plus('p', u32(j))}];`),
    `let mean = ${tangents.map((tangent, j) => `p${j} * ${tangent}`).join(' + ')};`,
    ...tangents.map((tangent, j) => `${target}[${plus('to', u32(j))}] = ${f32(scale)} * p${j} * (${tangent} - mean);`),
  ].join('\n')
}

function loopStatements(bindings: Bindings, { probabilities, tangent, scale, to }: SoftmaxTangentKernel): string {
  const [source, slope, target] = [bindings.read(probabilities.buffer), bindings.read(tangent.buffer), bindings.write(to.buffer)]
  const loop = (body: string): string => `for (var c = 0u; c < ${u32(tangent.cols)}; c++) { ${body} }`
  return [
    `let p = ${rowStart(bindings, probabilities, 'row')};`,
    `let t = ${rowStart(bindings, tangent, 'row')};`,
    `let to = ${rowStart(bindings, to, 'row')};`,
    'var mean = 0.0;',
    loop(`mean = fma(${source}[p + c], ${slope}[t + c], mean);`),
    loop(`${target}[to + c] = ${f32(scale)} * ${source}[p + c] * (${slope}[t + c] - mean);`),
  ].join('\n')
}
