import type { Tensor } from './tensor.ts'

/** Options of a matrix product: which factor enters transposed. */
export interface MatmulOptions {
  readonly transposeA?: boolean
  readonly transposeB?: boolean
}

/** What softmax cross entropy gives. Everything not consumed is not computed. */
export interface CrossEntropyResult {
  /** softmax(logits), [rows, classes] */
  readonly probabilities: Tensor
  /** scale·(softmax(logits) − onehot(labels)), [rows, classes]: the gradient of scale·Σ rowLoss */
  readonly gradient: Tensor
}

/** Where the per-sample readings of softmax cross entropy go; null when they are not wanted. */
export interface CrossEntropyReadings {
  /** −log softmax(logits)[label], natural logarithm, [rows, 1] */
  readonly rowLoss: Tensor | null
  /** 1 where the first largest logit is the label, else 0, [rows, 1] */
  readonly rowCorrect: Tensor | null
}

/**
 * The operation algebra: everything a layer may do. Layers are written once against it; what an operation means
 * is fixed by the reference executor, and every other executor must agree.
 *
 * Shapes: a tensor of more than two axes is read as [product of the leading axes, last axis]. All operations throw
 * a `RecordingError` when shapes do not fit.
 */
export interface Operations {
  /** op(a)·op(b), op being the transpose where asked. */
  matmul(a: Tensor, b: Tensor, options?: MatmulOptions): Tensor
  /** x + bias on every row. x [m, n], bias [n]. */
  addBias(x: Tensor, bias: Tensor): Tensor
  /** a + b, same shape. */
  add(a: Tensor, b: Tensor): Tensor
  /** a ⊙ b, same shape. */
  multiply(a: Tensor, b: Tensor): Tensor
  /** factor·x. */
  scale(x: Tensor, factor: number): Tensor
  /** max(x, 0). */
  relu(x: Tensor): Tensor
  /** x where by > 0, else 0: the derivative of ReLU with relu'(0) = 0, `by` being ReLU's input or output. */
  maskPositive(x: Tensor, by: Tensor): Tensor
  /** A view of a parameter [n] that repeats it on every one of `rows` rows; nothing is copied. */
  broadcastRows(bias: Tensor, rows: number): Tensor
  /** Sum over all rows, [1, n]. */
  columnSum(x: Tensor): Tensor
  /** Softmax cross entropy of every row against labels [m, 1] (an index buffer). */
  softmaxCrossEntropy(logits: Tensor, labels: Tensor, scale: number, readings: CrossEntropyReadings): CrossEntropyResult
  /** scale·(p ⊙ (t − Σⱼ pⱼtⱼ)): the tangent of scale·softmax at probabilities p along the logit tangent t. */
  softmaxTangent(probabilities: Tensor, tangent: Tensor, scale: number): Tensor
  /** Writes x to the place of `to` (`assign`) or adds it there (`accumulate`). `to` must have a location. */
  store(x: Tensor, to: Tensor, mode: 'assign' | 'accumulate'): void
  /** Gives a temporary a place that outlives the replay, so that another plan can read it. Returns the placed tensor. */
  keep(x: Tensor, place: Tensor): Tensor
  /**
   * One step of SGD with momentum on a parameter (Eq. 2.5): v ← βv − η(g + 2λw); w ← w + v.
   * η, β, λ come from the frame of the replay. Without `velocity`, w ← w − η(g + 2λw). λ counts only where `decayed`.
   */
  sgdUpdate(gradient: Tensor, weights: Tensor, velocity: Tensor | null, decayed: boolean): void
}
