import type { Operand } from './tensor.ts'

/**
 * Kernels are what executors run. They are generic in how they name their operands: the fuser works on tensors
 * whose place may still be open, executors see `Operand`s.
 */

/** Where a kernel's result goes. `sgd` is the update of Eq. 2.5 with η, β, λ from the frame of the replay. */
export type Write<T = Operand> =
  | { readonly mode: 'assign' | 'accumulate'; readonly to: T }
  | { readonly mode: 'sgd'; readonly weights: T; readonly velocity: T | null; readonly decayed: boolean }

/** One matrix product of a gemm: op(a) is [m, k], op(b) is [k, n]. */
export interface GemmTerm<T = Operand> {
  readonly a: T
  readonly b: T
  readonly transposeA: boolean
  readonly transposeB: boolean
  readonly k: number
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

/** write [1, n] ← sum over the rows of x [m, n], rows in order. */
export interface ColumnSumKernel<T = Operand> {
  readonly kind: 'columnSum'
  readonly x: T
  readonly write: Write<T>
}

/** write ← f(inputs), element by element; `addBias` takes [m, n] and [1, n]. */
export interface PointwiseKernel<T = Operand> {
  readonly kind: 'pointwise'
  readonly apply: 'copy' | 'scale' | 'relu' | 'add' | 'multiply' | 'maskPositive' | 'addBias'
  readonly inputs: readonly T[]
  /** Factor of `scale`; 1 otherwise. */
  readonly factor: number
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

/** Kernels of a plan run in order; each sees the writes of all before it. */
export type Kernel<T = Operand> =
  | GemmKernel<T>
  | ColumnSumKernel<T>
  | PointwiseKernel<T>
  | SoftmaxCrossEntropyKernel<T>
  | SoftmaxTangentKernel<T>

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
      return { ...kernel, x: rename(kernel.x), write: mapWrite(kernel.write) }
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
  }
}
