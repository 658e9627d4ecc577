import { columnSum } from './column-sum'
import { gemm, gemmScratch } from './gemm'
import { moveCursor } from './operand'
import { pointwise } from './pointwise'
import { softmaxCrossEntropy, softmaxScratch, softmaxTangent } from './softmax'
import { setRates } from './write'

export { setRates }

/** Kinds of kernels, the first word of every descriptor, in the numbering of the encoder. */
const GEMM: u32 = 0
const COLUMN_SUM: u32 = 1
const POINTWISE: u32 = 2
const SOFTMAX_CROSS_ENTROPY: u32 = 3
const SOFTMAX_TANGENT: u32 = 4

/** First address that the host may use: tables of exp and log lie below. */
export function heapBase(): usize {
  return __heap_base
}

/** Bytes of scratch the kernel at `descriptor` needs. */
export function scratchBytes(descriptor: usize): usize {
  const kind = load<u32>(descriptor)
  if (kind == GEMM) return gemmScratch(descriptor)
  if (kind == SOFTMAX_CROSS_ENTROPY) return softmaxScratch(descriptor)
  return 0
}

function runKernel(descriptor: usize, scratch: usize): void {
  switch (load<u32>(descriptor)) {
    case GEMM: gemm(descriptor, scratch); break
    case COLUMN_SUM: columnSum(descriptor); break
    case POINTWISE: pointwise(descriptor); break
    case SOFTMAX_CROSS_ENTROPY: softmaxCrossEntropy(descriptor, scratch); break
    case SOFTMAX_TANGENT: softmaxTangent(descriptor); break
    default: unreachable()
  }
}

/** Runs the kernels whose descriptor addresses are listed at `program`, once, at a cursor. */
export function replay(program: usize, kernels: u32, scratch: usize, cursor: u32): void {
  moveCursor(cursor)
  for (let i: u32 = 0; i < kernels; i++) runKernel(load<u32>(program + (i << 2)), scratch)
}
