import { augment } from './augment'
import { affineScratch, columnAffine } from './column-affine'
import { columnScratch, columnSum } from './column-sum'
import { flipKernel } from './flip'
import { gemm, gemmScratch } from './gemm'
import { maxPool } from './max-pool'
import { moveCursor } from './operand'
import { pointwise } from './pointwise'
import { pool } from './pool'
import { setRates } from './rates'
import { rankOne, softmaxCrossEntropy, softmaxScratch, softmaxTangent } from './softmax'
import { squaredNorm } from './squared-norm'
import { update } from './update'

export { setRates }

/** Kinds of kernels, the first word of every descriptor, in the numbering of the encoder. */
const GEMM: u32 = 0
const COLUMN_SUM: u32 = 1
const POINTWISE: u32 = 2
const SOFTMAX_CROSS_ENTROPY: u32 = 3
const SOFTMAX_TANGENT: u32 = 4
const COLUMN_AFFINE: u32 = 5
const FLIP_KERNEL: u32 = 6
const MAX_POOL: u32 = 7
const POOL: u32 = 8
const AUGMENT: u32 = 9
const SQUARED_NORM: u32 = 10
const UPDATE: u32 = 11
const RANK_ONE: u32 = 12

/** First address that the host may use: tables of exp and log lie below. */
export function heapBase(): usize {
  return __heap_base
}

/** Bytes of scratch the kernel at `descriptor` needs. */
export function scratchBytes(descriptor: usize): usize {
  const kind = load<u32>(descriptor)
  if (kind == GEMM) return gemmScratch(descriptor)
  if (kind == SOFTMAX_CROSS_ENTROPY) return softmaxScratch(descriptor)
  if (kind == COLUMN_SUM) return columnScratch(descriptor)
  if (kind == COLUMN_AFFINE) return affineScratch(descriptor)
  return 0
}

function runKernel(descriptor: usize, scratch: usize): void {
  switch (load<u32>(descriptor)) {
    case GEMM: gemm(descriptor, scratch); break
    case COLUMN_SUM: columnSum(descriptor, scratch); break
    case POINTWISE: pointwise(descriptor); break
    case SOFTMAX_CROSS_ENTROPY: softmaxCrossEntropy(descriptor, scratch); break
    case SOFTMAX_TANGENT: softmaxTangent(descriptor); break
    case COLUMN_AFFINE: columnAffine(descriptor, scratch); break
    case FLIP_KERNEL: flipKernel(descriptor); break
    case MAX_POOL: maxPool(descriptor); break
    case POOL: pool(descriptor); break
    case AUGMENT: augment(descriptor); break
    case SQUARED_NORM: squaredNorm(descriptor); break
    case UPDATE: update(descriptor); break
    case RANK_ONE: rankOne(descriptor); break
    default: unreachable()
  }
}

/** Runs the kernels whose descriptor addresses are listed at `program`, once, at a cursor. */
export function replay(program: usize, kernels: u32, scratch: usize, cursor: u32): void {
  moveCursor(cursor)
  for (let i: u32 = 0; i < kernels; i++) runKernel(load<u32>(program + (i << 2)), scratch)
}
