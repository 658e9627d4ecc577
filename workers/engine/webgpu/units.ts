import type { GemmKernel, RankOneKernel, SoftmaxCrossEntropyKernel, SoftmaxTangentKernel } from '../kernels.ts'
import type { BufferHandle, Operand } from '../tensor.ts'
import { accessOf, isSamePlace, mayOverlap, type Access } from './dependencies.ts'
import { REGISTER_COLUMNS } from './kernels/per-row.ts'
import type { DeviceKernel } from './lowered.ts'

/** A kernel that works on whole rows of logits and can follow their product in the same thread. */
export type Head = SoftmaxCrossEntropyKernel | SoftmaxTangentKernel | RankOneKernel

/** What becomes one segment of a dispatch: a kernel, or a product with the head that consumes it. */
export type Unit =
  | { readonly kind: 'kernel'; readonly kernel: DeviceKernel; readonly access: Access }
  | {
      readonly kind: 'headed'
      readonly gemm: GemmKernel
      readonly head: Head
      /** False when nothing else reads the product. */
      readonly storesValues: boolean
      readonly access: Access
    }

/** Joins products of few columns with the row-wise kernel right behind them. */
export function unitsOf(kernels: readonly DeviceKernel[], temporaries: BufferHandle | null): readonly Unit[] {
  const units: Unit[] = []
  for (let i = 0; i < kernels.length; i++) {
    const [kernel, next] = [kernels[i], kernels[i + 1]]
    if (kernel.kind === 'gemm' && next !== undefined && isHeadOf(next, kernel)) {
      units.push(headed(kernel, next, isReadLater(kernel.write.to, kernels.slice(i + 2), temporaries)))
      i++
    } else {
      units.push({ kind: 'kernel', kernel, access: accessOf(kernel) })
    }
  }
  return units
}

type StoringGemm = GemmKernel & { readonly write: { readonly mode: 'assign'; readonly to: Operand } }

function isHeadOf(next: DeviceKernel, gemm: GemmKernel): gemm is StoringGemm {
  if (gemm.n > REGISTER_COLUMNS || gemm.relu || gemm.mask !== null || gemm.write.mode !== 'assign') return false
  const consumed = inputOfHead(next)
  return consumed !== null && isSamePlace(consumed, gemm.write.to) && consumed.rows === gemm.m && !hasHazard(next, gemm, consumed)
}

function inputOfHead(kernel: DeviceKernel): Operand | null {
  if (kernel.kind === 'softmaxCrossEntropy') return kernel.logits
  return kernel.kind === 'softmaxTangent' || kernel.kind === 'rankOne' ? kernel.tangent : null
}

/** Threads run unordered: a head must not write what other threads' products still read, nor read the product elsewhere. */
function hasHazard(next: DeviceKernel, gemm: GemmKernel, consumed: Operand): boolean {
  const head = accessOf(next)
  const product = accessOf(gemm)
  const others = head.reads.filter((operand) => operand !== consumed)
  return (
    head.writes.some((write) => [...product.reads, ...product.writes].some((operand) => mayOverlap(write, operand))) ||
    others.some((read) => mayOverlap(read, consumed))
  )
}

function headed(gemm: GemmKernel, next: DeviceKernel, storesValues: boolean): Unit {
  if (next.kind !== 'softmaxCrossEntropy' && next.kind !== 'softmaxTangent' && next.kind !== 'rankOne') throw new Error(`units: ${next.kind} is no head`)
  const [product, head] = [accessOf(gemm), accessOf(next)]
  const consumed = inputOfHead(next)
  return {
    kind: 'headed',
    gemm,
    head: next,
    storesValues,
    access: {
      reads: [...product.reads, ...head.reads.filter((operand) => operand !== consumed)],
      writes: storesValues ? [...product.writes, ...head.writes] : head.writes,
    },
  }
}

function isReadLater(place: Operand, later: readonly DeviceKernel[], temporaries: BufferHandle | null): boolean {
  if (place.buffer.id !== temporaries?.id) return true
  return later.some((kernel) => accessOf(kernel).reads.some((read) => mayOverlap(read, place)))
}
