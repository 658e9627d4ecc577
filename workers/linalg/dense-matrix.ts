import type { Decomposition } from './decompose.ts'
import type { Executor, SharedProblem, TaskOptions } from './executor.ts'
import { KroneckerSum } from './kronecker-sum.ts'
import { layoutOf } from './layout.ts'

/** Eigenpairs of a symmetric matrix. */
export interface DenseEigen {
  /** (n) descending. */
  readonly eigenvalues: Float64Array
  /** [n, n] unit eigenvectors as rows, largest |entry| positive: a live view, valid until the matrix is disposed of. */
  readonly eigenvectors: Float64Array | null
  /** ‖A v − λ v‖ of the pairs `checked`; all up to size 256, beyond that 128 from the first to the last. */
  readonly residuals: Float64Array
  readonly checked: readonly number[]
  /** Largest |vᵢ · vⱼ|, i ≠ j, and |vᵢ · vᵢ − 1| among the pairs checked. */
  readonly orthogonality: number
  readonly seconds: number
  readonly threads: number
}

/** A matrix [n, n] in the memory of its decomposition. One task at a time. */
export class DenseMatrix {
  readonly size: number
  private isDisposed = false

  constructor(
    private readonly executor: Executor,
    private readonly problem: SharedProblem,
    private readonly limitBytes: number,
    private readonly onDispose: () => void,
  ) {
    this.size = problem.size
  }

  /**
   * [n, n] row-major: a live view. Take it anew after `kronecker`, which may move the memory. While a decomposition runs it
   * holds intermediate values, afterwards the matrix again, exactly symmetric; after a cancel it is useless.
   */
  get values(): Float64Array {
    const { size, vectors } = this.problem
    return new Float64Array(this.problem.memory.buffer, layoutOf(size, vectors).matrix, size * size)
  }

  /** A sum over samples that becomes the matrix; n = inputs · outputs. */
  kronecker(inputs: number, outputs: number): KroneckerSum {
    this.refuseWhenDisposed()
    return new KroneckerSum(this.executor, this.problem, inputs, outputs, this.limitBytes)
  }

  /**
   * All eigenvalues and, if the matrix was made for it, eigenvectors. Null when stopped by the signal.
   * Throws a RangeError for a matrix that is not finite or not symmetric, an Error when a thread broke down.
   */
  async eigen(options: TaskOptions = {}): Promise<DenseEigen | null> {
    this.refuseWhenDisposed()
    const start = performance.now()
    const outcome = (await this.executor.perform(this.problem, { kind: 'eigen' }, options)) as Decomposition | null
    if (outcome === null) return null
    const { memory, size, vectors } = this.problem
    const eigenvectors = vectors ? new Float64Array(memory.buffer, layoutOf(size, vectors).result, size * size) : null
    return Object.freeze({ ...outcome, eigenvectors, seconds: (performance.now() - start) / 1000, threads: this.executor.threads })
  }

  /** Frees the memory; views of it must not be used any more. */
  dispose(): void {
    if (this.isDisposed) return
    this.isDisposed = true
    this.onDispose()
  }

  private refuseWhenDisposed(): void {
    if (this.isDisposed) throw new Error('linear algebra: the matrix was disposed of')
  }
}
