import type {
  AugmentKernel,
  ColumnAffineKernel,
  FlipKernelKernel,
  GemmKernel,
  Kernel,
  MaxPoolKernel,
  PointwiseApply,
  PointwiseKernel,
  PoolKernel,
  SoftmaxCrossEntropyKernel,
  UpdateKernel,
} from '../kernels.ts'
import { targetsOf } from '../kernels.ts'
import type { ActivationName, UpdateRule } from '../operations.ts'
import { imageSize, windowCount, type WindowGeometry } from '../windows.ts'
import { checkImages, checkWindows, patchWords } from './geometry.ts'
import { areDense, floatWord, Words, type AddressOf } from './words.ts'

/** Numbering shared with assembly/index.ts. */
const KIND: Record<Kernel['kind'], number> = {
  ...{ gemm: 0, columnSum: 1, pointwise: 2, softmaxCrossEntropy: 3, softmaxTangent: 4, columnAffine: 5 },
  ...{ flipKernel: 6, maxPool: 7, pool: 8, augment: 9, squaredNorm: 10, update: 11, rankOne: 12 },
}

/** Numbering shared with assembly/pointwise.ts; the functions of an activation follow each other in the order below. */
const APPLY: Record<PointwiseApply, number> = {
  ...{ copy: 0, scale: 1, relu: 2, add: 3, addBias: 3, multiply: 4, maskPositive: 5 },
  ...{ mix: 6, inverseSqrt: 7, clipFactor: 8, activate: 9, slope: 13, curvature: 17 },
}
const ACTIVATION: Record<ActivationName, number> = { tanh: 0, sigmoid: 1, softplus: 2, gelu: 3 }

/** Numbering shared with assembly/pool.ts and assembly/update.ts. */
const POOL: Record<PoolKernel['apply'], number> = { takeAt: 0, putAt: 1, averagePool: 2, averageBack: 3 }
const RULE: Record<UpdateRule, number> = { sgd: 0, nesterov: 1, adam: 2, rmsprop: 3, lion: 4 }

/** Bytes before the terms of a product and of one term: assembly/gemm.ts. */
const GEMM_HEAD = 92
const GEMM_TERM = 48

/** Beside the bit that says whether A enters transposed: assembly/gemm.ts. */
const HAS_ZEROS = 2

/** Most terms of a columnAffine. */
const AFFINE_TERMS = 3

/** The descriptor of a kernel as 32-bit words, read by the AssemblyScript kernels of the same name. */
export function encodeKernel(kernel: Kernel, addressOf: AddressOf): number[] {
  const words = new Words(addressOf)
  switch (kernel.kind) {
    case 'gemm':
      return gemm(kernel, words)
    case 'columnSum': {
      const { x, y, shift, factor, write } = kernel
      return [KIND.columnSum, x.rows, x.cols, floatWord(factor), ...words.operand(x), ...words.write(write), ...words.optional(y), ...words.optional(shift)]
    }
    case 'columnAffine':
      return columnAffine(kernel, words)
    case 'pointwise':
      return pointwise(kernel, words)
    case 'softmaxCrossEntropy':
      return softmaxCrossEntropy(kernel, words)
    case 'softmaxTangent':
      return [
        ...[KIND.softmaxTangent, kernel.to.rows, kernel.to.cols, floatWord(kernel.scale)],
        ...[kernel.probabilities, kernel.tangent].flatMap((input) => words.operand(input)),
        ...words.output(kernel.to),
      ]
    case 'rankOne':
      return [
        ...[KIND.rankOne, kernel.to.rows, kernel.to.cols, floatWord(kernel.scale)],
        ...[kernel.x, kernel.tangent].flatMap((input) => words.operand(input)),
        ...words.output(kernel.to),
      ]
    case 'flipKernel':
      return flipKernel(kernel, words)
    case 'maxPool':
      return maxPool(kernel, words)
    case 'pool':
      return pool(kernel, words)
    case 'augment':
      return augment(kernel, words)
    case 'squaredNorm': {
      const { x, to } = kernel
      const shape = areDense([x]) ? [1, x.rows * x.cols] : [x.rows, x.cols]
      return [KIND.squaredNorm, ...shape, 0, ...words.operand(x), ...words.output(to)]
    }
    case 'update':
      return update(kernel, words)
  }
}

/** Head, write block, shaping block, terms, then the windows of the terms that have some. */
function gemm(kernel: GemmKernel, words: Words): number[] {
  const windows: number[] = []
  const terms = kernel.terms.flatMap(({ a, b, k, transposeA, transposeB, patches, hasZeros }) => {
    const place = patches === null ? 0 : GEMM_HEAD + GEMM_TERM * kernel.terms.length + 4 * windows.length
    if (patches !== null) {
      checkImages(a, imageSize(patches), (transposeA ? k : kernel.m) / windowCount(patches))
      windows.push(...patchWords(patches, a.rows, transposeA))
    }
    return [k, Number(transposeA) + HAS_ZEROS * Number(hasZeros), Number(transposeB), place, ...words.operand(a), ...words.operand(b)]
  })
  return [
    ...[KIND.gemm, kernel.m, kernel.n, kernel.terms.length],
    ...words.write(kernel.write),
    ...[Number(kernel.relu), ...words.optional(kernel.bias), ...words.optional(kernel.mask)],
    ...[...terms, ...windows],
  ]
}

function columnAffine({ terms, shift, relu, write }: ColumnAffineKernel, words: Words): number[] {
  const [{ x }] = terms
  const dense = areDense([...terms.map((term) => term.x), ...targetsOf(write)])
  const operands = terms.flatMap((term) => [...words.operand(term.x), ...words.optional(term.factor)])
  const absent = Array.from({ length: 8 * (AFFINE_TERMS - terms.length) }, () => 0)
  return [
    ...[KIND.columnAffine, x.rows, x.cols, terms.length, Number(relu), Number(dense)],
    ...[...words.write(write), ...words.optional(shift), ...operands, ...absent],
  ]
}

function pointwise(kernel: PointwiseKernel, words: Words): number[] {
  const [left, right = null] = kernel.inputs
  const flat = kernel.apply !== 'addBias' && areDense([...kernel.inputs, ...targetsOf(kernel.write)])
  const shape = flat ? [1, left.rows * left.cols] : [left.rows, left.cols]
  const second = kernel.apply === 'addBias' && right !== null ? { ...right, rowStride: 0 } : right
  const apply = APPLY[kernel.apply] + (kernel.activation === null ? 0 : ACTIVATION[kernel.activation])
  return [
    ...[KIND.pointwise, apply, ...shape, floatWord(kernel.factor), floatWord(1 - kernel.factor)],
    ...words.operand(left),
    ...words.optional(second),
    ...words.write(kernel.write),
  ]
}

function softmaxCrossEntropy(kernel: SoftmaxCrossEntropyKernel, words: Words): number[] {
  const outputs = [kernel.probabilities, kernel.gradient, kernel.rowLoss, kernel.rowCorrect]
  return [
    ...[KIND.softmaxCrossEntropy, kernel.logits.rows, kernel.logits.cols, floatWord(kernel.scale)],
    ...[kernel.logits, kernel.labels].flatMap((input) => words.operand(input)),
    ...outputs.flatMap((output) => words.output(output)),
  ]
}

function flipKernel({ x, kernelHeight, kernelWidth, to }: FlipKernelKernel, words: Words): number[] {
  const positions = kernelHeight * kernelWidth
  checkImages(to, x.rows / positions, positions * x.cols)
  return [KIND.flipKernel, positions, x.rows / positions, x.cols, ...words.operand(x), ...words.denseOutput(to)]
}

function windowWords(images: number, windows: WindowGeometry): number[] {
  const { height, width, channels, kernelHeight, kernelWidth, outHeight, outWidth, stride, padTop, padLeft } = windows
  return [images, height, width, channels, kernelHeight, kernelWidth, outHeight, outWidth, stride, padTop, padLeft]
}

function maxPool({ x, windows, output, argmax }: MaxPoolKernel, words: Words): number[] {
  checkWindows(windows, true)
  checkImages(x, imageSize(windows), x.rows)
  for (const result of [output, argmax]) if (result) checkImages(result, windows.channels, x.rows * windowCount(windows))
  return [KIND.maxPool, 0, ...windowWords(x.rows, windows), ...words.operand(x), ...words.denseOutput(output), ...words.denseOutput(argmax)]
}

function pool({ apply, x, argmax, windows, to }: PoolKernel, words: Words): number[] {
  checkWindows(windows, true)
  const [image, places] = [imageSize(windows), windowCount(windows) * windows.channels]
  const [from, into] = apply === 'takeAt' || apply === 'averagePool' ? [image, places] : [places, image]
  checkImages(x, from, x.rows)
  if (argmax) checkImages(argmax, places, x.rows)
  checkImages(to, windows.channels, (x.rows * into) / windows.channels)
  return [KIND.pool, POOL[apply], ...windowWords(x.rows, windows), ...words.operand(x), ...words.optional(argmax), ...words.denseOutput(to)]
}

function augment({ x, codes, height, width, channels, to }: AugmentKernel, words: Words): number[] {
  checkImages(x, height * width * channels, codes.rows)
  checkImages(to, channels, x.rows * height * width)
  return [KIND.augment, x.rows, height, width, channels, ...words.operand(x), ...words.operand(codes), ...words.denseOutput(to)]
}

function update({ rule, decayed, gradient, gradientScale, weights, first, second }: UpdateKernel, words: Words): number[] {
  const flat = areDense([gradient, weights, first, second])
  const shape = flat ? [1, weights.rows * weights.cols] : [weights.rows, weights.cols]
  return [
    ...[KIND.update, RULE[rule], Number(decayed), ...shape],
    ...[...words.operand(gradient), ...words.optional(gradientScale)],
    ...[weights, first, second].flatMap((target) => words.output(target)),
  ]
}
