import type { ActivationName, AffineTerm, UpdateOperands, UpdateRule } from './operations.ts'
import type { Operand } from './tensor.ts'
import type { WindowGeometry } from './windows.ts'

/**
 * Kernels are what executors run. They are generic in how they name their operands: the fuser works on tensors
 * whose place may still be open, executors see `Operand`s.
 */

/** Where a kernel's result goes. `sgd` is the update of Eq. 2.5 with η, β, λ from the frame of the replay. */
export type Write<T = Operand> =
  | { readonly mode: 'assign' | 'accumulate'; readonly to: T }
  | { readonly mode: 'sgd'; readonly weights: T; readonly velocity: T | null; readonly decayed: boolean }

/**
 * One matrix product of a gemm: op(a) is [m, k], op(b) is [k, n]. With `patches`, a holds images
 * [rows, height·width·channels] and stands for the matrix of their windows: element (r, q) of it is pixel
 * (ky, kx), channel c of window (oy, ox) of image i, with r = (i·outHeight + oy)·outWidth + ox and
 * q = (ky·kernelWidth + kx)·channels + c.
 */
export interface GemmTerm<T = Operand> {
  readonly a: T
  readonly b: T
  readonly transposeA: boolean
  readonly transposeB: boolean
  readonly k: number
  readonly patches: WindowGeometry | null
  readonly hasZeros: boolean
}

/** write ← mask(relu(Σ terms + bias)). The sum over k runs in order within a term, terms in order. */
export interface GemmKernel<T = Operand> {
  readonly kind: 'gemm'
  readonly m: number
  readonly n: number
  readonly terms: readonly GemmTerm<T>[]
  /** [1, n], added to every row, or null. */
  readonly bias: T | null
  readonly relu: boolean
  /** [m, n]: the result is 0 where the mask is not positive; null for no mask. */
  readonly mask: T | null
  readonly write: Write<T>
}

/** write [1, n] ← factor·Σ over the rows of (x + shift) ⊙ y, rows in order; null for no shift, and for a y of ones. */
export interface ColumnSumKernel<T = Operand> {
  readonly kind: 'columnSum'
  readonly x: T
  readonly y: T | null
  readonly shift: T | null
  readonly factor: number
  readonly write: Write<T>
}

/** write [m, n] ← relu(Σᵢ xᵢ ⊙ factorᵢ + shift), factors and shift [1, n]. `relu` only where asked. */
export interface ColumnAffineKernel<T = Operand> {
  readonly kind: 'columnAffine'
  readonly terms: readonly AffineTerm<T>[]
  readonly shift: T | null
  readonly relu: boolean
  readonly write: Write<T>
}

/** Functions of one or two inputs x and y, as in `Operations`: `slope` is x·f′(y), `curvature` x·f″(y). */
export type PointwiseApply =
  | 'copy'
  | 'scale'
  | 'relu'
  | 'add'
  | 'multiply'
  | 'maskPositive'
  | 'addBias'
  | 'mix'
  | 'inverseSqrt'
  | 'clipFactor'
  | 'activate'
  | 'slope'
  | 'curvature'

/** write ← f(inputs), element by element; `addBias` takes [m, n] and [1, n]. */
export interface PointwiseKernel<T = Operand> {
  readonly kind: 'pointwise'
  readonly apply: PointwiseApply
  readonly inputs: readonly T[]
  /** Factor of `scale` and `mix`, ε of `inverseSqrt`, limit of `clipFactor`; 1 otherwise. */
  readonly factor: number
  /** Function of `activate`, `slope` and `curvature`; null otherwise. */
  readonly activation: ActivationName | null
  readonly write: Write<T>
}

/** Softmax cross entropy of logits [m, c] against labels [m, 1]; outputs that are null are not wanted. */
export interface SoftmaxCrossEntropyKernel<T = Operand> {
  readonly kind: 'softmaxCrossEntropy'
  readonly logits: T
  readonly labels: T
  readonly scale: number
  readonly probabilities: T | null
  readonly gradient: T | null
  readonly rowLoss: T | null
  readonly rowCorrect: T | null
}

/** to ← scale·(p ⊙ (t − Σⱼ pⱼtⱼ)). */
export interface SoftmaxTangentKernel<T = Operand> {
  readonly kind: 'softmaxTangent'
  readonly probabilities: T
  readonly tangent: T
  readonly scale: number
  readonly to: T
}

/** to ← scale·(x ⊙ Σⱼ xⱼtⱼ), row by row. */
export interface RankOneKernel<T = Operand> {
  readonly kind: 'rankOne'
  readonly x: T
  readonly tangent: T
  readonly scale: number
  readonly to: T
}

/** The kernel [kh·kw·in, out] of a convolution turned by 180°, channels exchanged: to [kh·kw·out, in]. */
export interface FlipKernelKernel<T = Operand> {
  readonly kind: 'flipKernel'
  readonly x: T
  readonly kernelHeight: number
  readonly kernelWidth: number
  readonly to: T
}

/** Maximum of every window of x [rows, height·width·channels]; outputs [rows·outHeight·outWidth, channels], null when not wanted. */
export interface MaxPoolKernel<T = Operand> {
  readonly kind: 'maxPool'
  readonly x: T
  readonly windows: WindowGeometry
  readonly output: T | null
  readonly argmax: T | null
}

/**
 * The linear maps of pooling. `takeAt` and `averagePool` go from images [rows, height·width·channels] to windows
 * [rows, outHeight·outWidth·channels], `putAt` and `averageBack` the other way. `argmax` is null for averages.
 */
export interface PoolKernel<T = Operand> {
  readonly kind: 'pool'
  readonly apply: 'takeAt' | 'putAt' | 'averagePool' | 'averageBack'
  readonly x: T
  readonly argmax: T | null
  readonly windows: WindowGeometry
  readonly to: T
}

/** Images x [rows, height·width·channels] shifted and mirrored by codes [rows, 1], an index operand. */
export interface AugmentKernel<T = Operand> {
  readonly kind: 'augment'
  readonly x: T
  readonly codes: T
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly to: T
}

/** to [1, 1] ← Σ x², summed in blocks so that the rounding of long sums stays small. */
export interface SquaredNormKernel<T = Operand> {
  readonly kind: 'squaredNorm'
  readonly x: T
  readonly to: T
}

/** One optimiser update, as `Operations.update` says. */
export interface UpdateKernel<T = Operand> extends UpdateOperands<T> {
  readonly kind: 'update'
  readonly rule: UpdateRule
  readonly decayed: boolean
}

/** Kernels of a plan run in order; each sees the writes of all before it. */
export type Kernel<T = Operand> =
  | GemmKernel<T>
  | ColumnSumKernel<T>
  | PointwiseKernel<T>
  | SoftmaxCrossEntropyKernel<T>
  | SoftmaxTangentKernel<T>
  | RankOneKernel<T>
  | ColumnAffineKernel<T>
  | FlipKernelKernel<T>
  | MaxPoolKernel<T>
  | PoolKernel<T>
  | AugmentKernel<T>
  | SquaredNormKernel<T>
  | UpdateKernel<T>

/** What a kernel writes; targets that are accumulated into or updated are read as well. */
export function writtenBy<T>(kernel: Kernel<T>): readonly T[] {
  switch (kernel.kind) {
    case 'softmaxCrossEntropy':
      return present(kernel.probabilities, kernel.gradient, kernel.rowLoss, kernel.rowCorrect)
    case 'maxPool':
      return present(kernel.output, kernel.argmax)
    case 'update':
      return present(kernel.weights, kernel.first, kernel.second)
    case 'softmaxTangent':
    case 'rankOne':
    case 'flipKernel':
    case 'pool':
    case 'augment':
    case 'squaredNorm':
      return [kernel.to]
    default:
      return targetsOf(kernel.write)
  }
}

/** The places of a write. */
export function targetsOf<T>(write: Write<T>): readonly T[] {
  return write.mode === 'sgd' ? present(write.weights, write.velocity) : [write.to]
}

function present<T>(...operands: readonly (T | null)[]): readonly T[] {
  return operands.filter((operand) => operand !== null)
}

/** The same kernel with every operand renamed. `write` targets are renamed too. */
export function mapOperands<S, T>(kernel: Kernel<S>, rename: (operand: S) => T): Kernel<T> {
  const optional = (operand: S | null): T | null => (operand === null ? null : rename(operand))
  const mapWrite = (write: Write<S>): Write<T> =>
    write.mode === 'sgd'
      ? { mode: 'sgd', weights: rename(write.weights), velocity: optional(write.velocity), decayed: write.decayed }
      : { mode: write.mode, to: rename(write.to) }
  switch (kernel.kind) {
    case 'gemm':
      return {
        ...kernel,
        terms: kernel.terms.map((term) => ({ ...term, a: rename(term.a), b: rename(term.b) })),
        bias: optional(kernel.bias),
        mask: optional(kernel.mask),
        write: mapWrite(kernel.write),
      }
    case 'columnSum':
      return { ...kernel, x: rename(kernel.x), y: optional(kernel.y), shift: optional(kernel.shift), write: mapWrite(kernel.write) }
    case 'columnAffine':
      return {
        ...kernel,
        terms: kernel.terms.map(({ x, factor }) => ({ x: rename(x), factor: optional(factor) })),
        shift: optional(kernel.shift),
        write: mapWrite(kernel.write),
      }
    case 'flipKernel':
    case 'squaredNorm':
      return { ...kernel, x: rename(kernel.x), to: rename(kernel.to) }
    case 'maxPool':
      return { ...kernel, x: rename(kernel.x), output: optional(kernel.output), argmax: optional(kernel.argmax) }
    case 'pool':
      return { ...kernel, x: rename(kernel.x), argmax: optional(kernel.argmax), to: rename(kernel.to) }
    case 'augment':
      return { ...kernel, x: rename(kernel.x), codes: rename(kernel.codes), to: rename(kernel.to) }
    case 'update':
      return {
        ...kernel,
        gradient: rename(kernel.gradient),
        gradientScale: optional(kernel.gradientScale),
        weights: rename(kernel.weights),
        first: optional(kernel.first),
        second: optional(kernel.second),
      }
    case 'pointwise':
      return { ...kernel, inputs: kernel.inputs.map(rename), write: mapWrite(kernel.write) }
    case 'softmaxCrossEntropy':
      return {
        ...kernel,
        logits: rename(kernel.logits),
        labels: rename(kernel.labels),
        probabilities: optional(kernel.probabilities),
        gradient: optional(kernel.gradient),
        rowLoss: optional(kernel.rowLoss),
        rowCorrect: optional(kernel.rowCorrect),
      }
    case 'softmaxTangent':
      return { ...kernel, probabilities: rename(kernel.probabilities), tangent: rename(kernel.tangent), to: rename(kernel.to) }
    case 'rankOne':
      return { ...kernel, x: rename(kernel.x), tangent: rename(kernel.tangent), to: rename(kernel.to) }
  }
}
