import { EngineError } from '../engine.ts'
import type { Write } from '../kernels.ts'
import type { Operand } from '../tensor.ts'

/** Start address of a buffer. Throws when the buffer is not the engine's. */
export type AddressOf = (buffer: Operand['buffer']) => number

/** Numbering shared with assembly/write.ts. */
const MODE = { assign: 0, accumulate: 1, sgd: 2, momentum: 3 } as const

const ABSENT = [0, 0, 0, 0] as const

/** The parts that descriptors are made of, as 32-bit words. */
export class Words {
  constructor(private readonly addressOf: AddressOf) {}

  /** Base, row stride, cursor stride and address of the row numbers, in bytes. */
  operand({ buffer, offset, rowStride, addressing }: Operand): number[] {
    const cursorStride = addressing.kind === 'cursor' ? addressing.cursorStride : 0
    const index = addressing.kind === 'gathered' ? this.addressOf(addressing.index) : 0
    return [this.addressOf(buffer) + 4 * offset, 4 * rowStride, 4 * cursorStride, index]
  }

  optional(operand: Operand | null): readonly number[] {
    return operand === null ? ABSENT : this.operand(operand)
  }

  output(operand: Operand | null): readonly number[] {
    if (operand?.addressing.kind === 'gathered') {
      throw new EngineError('compile', `wasm engine: ${operand.buffer.label} is written at gathered rows; gathered rows can only be read`)
    }
    return this.optional(operand)
  }

  /** An output whose rows lie one behind the other: kernels may write a little into the next row before they fill it. */
  denseOutput(operand: Operand | null): readonly number[] {
    if (operand !== null && operand.rowStride !== operand.cols) {
      throw new EngineError('compile', `wasm engine: rows of ${operand.buffer.label} are ${operand.rowStride} apart and hold ${operand.cols}; write them one behind the other`)
    }
    return this.output(operand)
  }

  /** Mode, decayed, target, velocity. */
  write(write: Write): number[] {
    if (write.mode !== 'sgd') return [MODE[write.mode], 0, ...this.output(write.to), ...ABSENT]
    const mode = write.velocity === null ? MODE.sgd : MODE.momentum
    return [mode, Number(write.decayed), ...this.output(write.weights), ...this.output(write.velocity)]
  }
}

/** Whether all operands are dense, so that the rows can be run through as one. */
export function areDense(operands: readonly (Operand | null)[]): boolean {
  return operands.every((operand) => operand === null || (operand.rowStride === operand.cols && operand.addressing.kind !== 'gathered'))
}

const converter = new DataView(new ArrayBuffer(4))

/** The bits of a number in float32. */
export function floatWord(value: number): number {
  converter.setFloat32(0, value)
  return converter.getUint32(0)
}
