import { EngineError } from '../../engine.ts'
import type { PointwiseKernel } from '../../kernels.ts'
import type { Operand } from '../../tensor.ts'
import { f32, isFlat, rowStart, u32 } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import { rowWriter } from '../write.ts'

/** More workgroups than this loop over the elements instead. */
const MOST_WORKGROUPS = 1024

/** write ← f(inputs), element by element. */
export function pointwiseSegment(bindings: Bindings, kernel: PointwiseKernel, { workgroup }: SegmentOptions): Segment {
  const { rows, cols } = kernel.inputs[0]
  const total = rows * cols
  const workgroups = Math.min(Math.ceil(total / workgroup), MOST_WORKGROUPS)
  const flat = [...kernel.inputs, ...targets(kernel)].every(isFlat) && kernel.apply !== 'addBias'
  const writer = rowWriter(bindings, kernel.write)
  const body = [
    `for (var e = group * ${u32(workgroup)} + lane; e < ${u32(total)}; e += ${u32(workgroups * workgroup)}) {`,
    flat ? 'let row = 0u; let col = e;' : `let row = e / ${u32(cols)}; let col = e % ${u32(cols)};`,
    ...kernel.inputs.map((input, i) => `let x${i} = ${element(bindings, input, flat)};`),
    `let value = ${valueOf(kernel)};`,
    writer.prelude('row', ''),
    writer.element('col', 'value', ''),
    '}',
  ].join('\n')
  return { label: `${kernel.apply} ${rows}×${cols}`, body, workgroups, sharedFloats: 0 }
}

function element(bindings: Bindings, operand: Operand, flat: boolean): string {
  const row = flat || operand.rows === 1 ? '0u' : 'row'
  return `${bindings.read(operand.buffer)}[${rowStart(bindings, operand, row)} + col]`
}

function targets({ write }: PointwiseKernel): readonly Operand[] {
  if (write.mode !== 'sgd') return [write.to]
  return write.velocity === null ? [write.weights] : [write.weights, write.velocity]
}

function valueOf({ apply, factor }: PointwiseKernel): string {
  switch (apply) {
    case 'copy':
      return 'x0'
    case 'scale':
      return `${f32(factor)} * x0`
    case 'relu':
      return 'select(x0, 0.0, x0 < 0.0)'
    case 'add':
    case 'addBias':
      return 'x0 + x1'
    case 'multiply':
      return 'x0 * x1'
    case 'maskPositive':
      return 'select(0.0, x0, x1 > 0.0)'
    default:
      throw new EngineError('compile', `webgpu engine: ${apply} is not there yet; use the CPU engine`)
  }
}
