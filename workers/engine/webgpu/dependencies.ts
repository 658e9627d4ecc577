import { mapOperands, targetsOf, writtenBy, type Kernel } from '../kernels.ts'
import type { BufferHandle, Operand } from '../tensor.ts'
import type { DeviceKernel } from './lowered.ts'

/** What a kernel (or several as one) touches. */
export interface Access {
  readonly reads: readonly Operand[]
  readonly writes: readonly Operand[]
}

/** Reads and writes of a kernel. Targets that are accumulated into or updated count as both. */
export function accessOf(kernel: DeviceKernel): Access {
  switch (kernel.kind) {
    case 'partialProduct': {
      const reads = kernel.product.terms.flatMap(({ a, b, shift, times }) => present(a, b, shift ?? null, times ?? null))
      return { reads, writes: [kernel.to] }
    }
    case 'partialSquares':
      return { reads: [kernel.x], writes: [kernel.to] }
    case 'sumOfParts': {
      const writes = targetsOf(kernel.write)
      return { reads: [...present(kernel.parts, kernel.bias, kernel.mask), ...(kernel.write.mode === 'assign' ? [] : writes)], writes }
    }
    default:
      return accessOfKernel(kernel)
  }
}

function accessOfKernel(kernel: Kernel): Access {
  const writes = writtenBy(kernel)
  const pure = new Set<Operand>(isPureAssign(kernel) ? writes : [])
  const reads: Operand[] = []
  mapOperands(kernel, (operand) => {
    if (!pure.has(operand)) reads.push(operand)
    return operand
  })
  return { reads, writes }
}

function present(...operands: readonly (Operand | null)[]): readonly Operand[] {
  return operands.filter((operand) => operand !== null)
}

/** Whether running `second` beside `first` instead of after it could change what either gives. */
export function conflicts(first: Access, second: Access): boolean {
  return touches(first.writes, second.reads) || touches(first.reads, second.writes) || touches(first.writes, second.writes)
}

/** Buffers of an access, each once, row indices included. */
export function buffersOf({ reads, writes }: Access): readonly BufferHandle[] {
  const buffers = new Map<number, BufferHandle>()
  for (const { buffer, addressing } of [...reads, ...writes]) {
    buffers.set(buffer.id, buffer)
    if (addressing.kind === 'gathered') buffers.set(addressing.index.id, addressing.index)
  }
  return [...buffers.values()]
}

/** Conservative: operands in one buffer overlap unless both are fixed and apart. */
export function mayOverlap(a: Operand, b: Operand): boolean {
  if (a.buffer.id !== b.buffer.id) return false
  if (a.addressing.kind !== 'fixed' || b.addressing.kind !== 'fixed') return true
  return a.offset < end(b) && b.offset < end(a)
}

/** The same elements in the same order in every replay. */
export function isSamePlace(a: Operand, b: Operand): boolean {
  return a.buffer.id === b.buffer.id && a.offset === b.offset && a.rowStride === b.rowStride && a.cols === b.cols && sameAddressing(a, b)
}

function sameAddressing({ addressing: a }: Operand, { addressing: b }: Operand): boolean {
  if (a.kind === 'cursor') return b.kind === 'cursor' && a.cursorStride === b.cursorStride
  if (a.kind === 'gathered') return b.kind === 'gathered' && a.index.id === b.index.id
  return b.kind === 'fixed'
}

function touches(a: readonly Operand[], b: readonly Operand[]): boolean {
  return a.some((left) => b.some((right) => mayOverlap(left, right)))
}

function end({ offset, rows, cols, rowStride }: Operand): number {
  return offset + (rows - 1) * rowStride + cols
}

/** Optimiser updates read the weights and moments that they write. */
function isPureAssign(kernel: Kernel): boolean {
  return 'write' in kernel ? kernel.write.mode === 'assign' : kernel.kind !== 'update'
}
