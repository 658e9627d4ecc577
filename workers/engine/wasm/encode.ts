import type { GemmKernel, Kernel, PointwiseApply, PointwiseKernel, Write } from '../kernels.ts'
import type { Operand } from '../tensor.ts'
import { EngineError } from '../engine.ts'

/** Start address of a buffer. Throws when the buffer is not the engine's. */
export type AddressOf = (buffer: Operand['buffer']) => number

/** Numbering shared with assembly/index.ts, assembly/pointwise.ts and assembly/write.ts. */
const KIND = { gemm: 0, columnSum: 1, pointwise: 2, softmaxCrossEntropy: 3, softmaxTangent: 4 } as const
const APPLY: Partial<Record<PointwiseApply, number>> = { copy: 0, scale: 1, relu: 2, add: 3, addBias: 3, multiply: 4, maskPositive: 5 }
const MODE = { assign: 0, accumulate: 1, sgd: 2, momentum: 3 } as const

const ABSENT = [0, 0, 0, 0] as const

/** The descriptor of a kernel as 32-bit words, read by the AssemblyScript kernels of the same name. */
export function encodeKernel(kernel: Kernel, addressOf: AddressOf): number[] {
  const encoder = new Encoder(addressOf)
  switch (kernel.kind) {
    case 'gemm':
      return encoder.gemm(kernel)
    case 'columnSum':
      return [KIND.columnSum, kernel.x.rows, kernel.x.cols, 0, ...encoder.operand(kernel.x), ...encoder.write(kernel.write)]
    case 'pointwise':
      return encoder.pointwise(kernel)
    case 'softmaxCrossEntropy': {
      const outputs = [kernel.probabilities, kernel.gradient, kernel.rowLoss, kernel.rowCorrect]
      return [
        ...[KIND.softmaxCrossEntropy, kernel.logits.rows, kernel.logits.cols, floatWord(kernel.scale)],
        ...[kernel.logits, kernel.labels].flatMap((input) => encoder.operand(input)),
        ...outputs.flatMap((output) => encoder.output(output)),
      ]
    }
    case 'softmaxTangent':
      return [
        ...[KIND.softmaxTangent, kernel.to.rows, kernel.to.cols, floatWord(kernel.scale)],
        ...[kernel.probabilities, kernel.tangent].flatMap((input) => encoder.operand(input)),
        ...encoder.output(kernel.to),
      ]
    default:
      return notBuilt(kernel.kind)
  }
}

function notBuilt(name: string): never {
  throw new EngineError('compile', `wasm engine: no kernel for ${name}`)
}

class Encoder {
  constructor(private readonly addressOf: AddressOf) {}

  gemm(kernel: GemmKernel): number[] {
    return [
      ...[KIND.gemm, kernel.m, kernel.n, kernel.terms.length],
      ...this.write(kernel.write),
      ...[Number(kernel.relu), ...this.optional(kernel.bias), ...this.optional(kernel.mask)],
      ...kernel.terms.flatMap((term) => [
        ...[term.k, Number(term.transposeA), Number(term.transposeB), 0],
        ...this.operand(term.a),
        ...this.operand(term.b),
      ]),
    ]
  }

  pointwise(kernel: PointwiseKernel): number[] {
    const [left, right = null] = kernel.inputs
    const flat = isFlat(kernel)
    const shape = flat ? [1, left.rows * left.cols] : [left.rows, left.cols]
    const second = right === null ? ABSENT : this.operand(kernel.apply === 'addBias' ? { ...right, rowStride: 0 } : right)
    return [
      ...[KIND.pointwise, APPLY[kernel.apply] ?? notBuilt(kernel.apply), ...shape, floatWord(kernel.factor), 0],
      ...this.operand(left),
      ...second,
      ...this.write(kernel.write),
    ]
  }

  /** Mode, decayed, target, velocity. */
  write(write: Write): number[] {
    if (write.mode !== 'sgd') return [MODE[write.mode], 0, ...this.output(write.to), ...ABSENT]
    const mode = write.velocity === null ? MODE.sgd : MODE.momentum
    return [mode, Number(write.decayed), ...this.output(write.weights), ...this.output(write.velocity)]
  }

  /** Base, row stride, cursor stride and address of the row numbers, in bytes. */
  operand({ buffer, offset, rowStride, addressing }: Operand): number[] {
    const cursorStride = addressing.kind === 'cursor' ? addressing.cursorStride : 0
    const index = addressing.kind === 'gathered' ? this.addressOf(addressing.index) : 0
    return [this.addressOf(buffer) + 4 * offset, 4 * rowStride, 4 * cursorStride, index]
  }

  output(operand: Operand | null): readonly number[] {
    if (operand?.addressing.kind === 'gathered') {
      throw new EngineError('compile', `wasm engine: ${operand.buffer.label} is written at gathered rows; gathered rows can only be read`)
    }
    return this.optional(operand)
  }

  private optional(operand: Operand | null): readonly number[] {
    return operand === null ? ABSENT : this.operand(operand)
  }
}

/** Whether all operands are dense, so that the rows can be run through as one. */
function isFlat({ apply, inputs, write }: PointwiseKernel): boolean {
  const targets = write.mode === 'sgd' ? [write.weights, write.velocity] : [write.to]
  const operands = [...inputs, ...targets].filter((operand) => operand !== null)
  return apply !== 'addBias' && operands.every(({ cols, rowStride, addressing }) => rowStride === cols && addressing.kind !== 'gathered')
}

const converter = new DataView(new ArrayBuffer(4))

function floatWord(value: number): number {
  converter.setFloat32(0, value)
  return converter.getUint32(0)
}
