import type { FusedRecording } from './fuse.ts'
import { mapOperands, type Kernel } from './kernels.ts'
import { colsOf, rowsOf, sizeOf, type BufferHandle, type Operand, type Tensor } from './tensor.ts'

/** Temporaries start at multiples of this many elements, so that SIMD loads and GPU vectors stay aligned. */
const ALIGNMENT = 4

/** Gives every temporary that a kernel touches its place in one buffer. */
export function placeKernels(
  fused: FusedRecording,
  allocate: (length: number) => BufferHandle,
): { readonly kernels: readonly Kernel[]; readonly temporaries: BufferHandle | null } {
  const offsets = new Map<number, number>()
  let length = 0
  const reserve = (tensor: Tensor): void => {
    if (tensor.location !== null || fused.kept.has(tensor.id) || offsets.has(tensor.id)) return
    offsets.set(tensor.id, length)
    length += Math.ceil(sizeOf(tensor.shape) / ALIGNMENT) * ALIGNMENT
  }
  for (const kernel of fused.kernels) mapOperands(kernel, reserve)
  const temporaries = length > 0 ? allocate(length) : null

  const place = (tensor: Tensor): Operand => {
    const size = { rows: rowsOf(tensor.shape), cols: colsOf(tensor.shape) }
    if (tensor.location !== null) return { ...tensor.location, ...size }
    const kept = fused.kept.get(tensor.id)
    // Kept places are dense, so that every shape of the tensor can be read there.
    if (kept !== undefined) return { ...kept, rowStride: size.cols, ...size }
    const offset = offsets.get(tensor.id)
    if (offset === undefined || temporaries === null) throw new Error(`placement: tensor ${tensor.id} was never reserved`)
    return { buffer: temporaries, offset, rowStride: size.cols, addressing: { kind: 'fixed' }, ...size }
  }
  return { kernels: fused.kernels.map((kernel) => mapOperands(kernel, place)), temporaries }
}
