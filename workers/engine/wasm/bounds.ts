import { EngineError } from '../engine.ts'
import { mapOperands, type Kernel } from '../kernels.ts'
import type { BufferHandle, Operand } from '../tensor.ts'

/** Row numbers of one index buffer: how many a replay reads from its cursor on, and what they must stay below. */
interface IndexBound {
  readonly index: BufferHandle
  readonly reads: number
  readonly rowLimit: number
}

/** What a replay must respect so that no kernel leaves its buffers. */
export interface Bounds {
  /** The largest cursor at which every operand is inside its buffer. */
  readonly lastCursor: number
  readonly indices: readonly IndexBound[]
  /** Operands of augmentation codes, whose values have a range of their own. */
  readonly codes: readonly Operand[]
  /** Every buffer that the kernels touch. */
  readonly buffers: readonly BufferHandle[]
}

/** Collects the bounds of a plan. Throws `EngineError('buffer')` when an operand cannot be inside its buffer. */
export function boundsOf(label: string, kernels: readonly Kernel[]): Bounds {
  const operands: Operand[] = []
  for (const kernel of kernels) mapOperands(kernel, (operand) => operands.push(operand))
  const indices = new Map<number, IndexBound>()
  const buffers = new Map<number, BufferHandle>()
  let lastCursor = Infinity
  for (const operand of operands) {
    buffers.set(operand.buffer.id, operand.buffer)
    const { addressing } = operand
    if (addressing.kind === 'gathered') {
      const { index } = addressing
      buffers.set(index.id, index)
      const known = indices.get(index.id)
      indices.set(index.id, {
        index,
        reads: Math.max(operand.rows, known?.reads ?? 0),
        rowLimit: Math.min(rowLimit(operand), known?.rowLimit ?? Infinity),
      })
      lastCursor = Math.min(lastCursor, index.length - operand.rows)
    } else {
      lastCursor = Math.min(lastCursor, lastCursorOf(label, operand))
    }
  }
  const codes = kernels.flatMap((kernel) => (kernel.kind === 'augment' ? [kernel.codes] : []))
  return { lastCursor, indices: [...indices.values()], codes, buffers: [...buffers.values()] }
}

/** Element at which row r of an operand starts when a replay runs at a cursor. */
export function rowStart({ offset, rowStride, addressing }: Operand, r: number, cursor: number, indexAt: (index: BufferHandle, i: number) => number): number {
  if (addressing.kind === 'gathered') return offset + indexAt(addressing.index, cursor + r) * rowStride
  return offset + (addressing.kind === 'cursor' ? cursor * addressing.cursorStride : 0) + r * rowStride
}

/** Rows that can start in the buffer. */
function rowLimit({ buffer, offset, cols, rowStride }: Operand): number {
  return Math.floor((buffer.length - offset - cols) / rowStride) + 1
}

function lastCursorOf(label: string, operand: Operand): number {
  const { buffer, offset, rowStride, rows, cols, addressing } = operand
  const room = buffer.length - (offset + (rows - 1) * rowStride + cols)
  if (room < 0) {
    throw new EngineError('buffer', `wasm engine: ${label} needs ${-room} elements more than the ${buffer.length} of ${buffer.label}; allocate a larger buffer`)
  }
  const stride = addressing.kind === 'cursor' ? addressing.cursorStride : 0
  return stride === 0 ? Infinity : Math.floor(room / stride)
}
