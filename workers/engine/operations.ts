import type { Tensor } from './tensor.ts'
import type { WindowGeometry } from './windows.ts'

/** Options of a matrix product: which factor enters transposed, and whether the left one stands for its patches. */
export interface MatmulOptions {
  readonly transposeA?: boolean
  readonly transposeB?: boolean
  /**
   * a is a batch of images [rows, height·width·channels] and enters as the matrix of its windows
   * [rows·outHeight·outWidth, kernelHeight·kernelWidth·channels], which never exists in memory.
   */
  readonly patches?: WindowGeometry
  /**
   * a holds many zeros, and executors may leave out what they multiply. For finite b that changes no bit of a sum; a
   * number that is not finite may stay unseen.
   */
  readonly hasZeros?: boolean
}

/** Smooth activation functions; GELU is the exact one, x·Φ(x). */
export type ActivationName = 'tanh' | 'sigmoid' | 'softplus' | 'gelu'

/** What maximum pooling gives. */
export interface MaxPoolResult {
  /** The largest of every window, channel by channel, [rows, outHeight, outWidth, channels]. */
  readonly output: Tensor
  /** Where it was: y·width + x, as a number. The first in row-major order among equals. Same shape. */
  readonly argmax: Tensor
}

/** One term of `columnAffine`: x ⊙ factor, the factor [1, n] repeated on every row; 1 where it is null. */
export interface AffineTerm<T = Tensor> {
  readonly x: T
  readonly factor: T | null
}

/** The optimisers that need more than `sgdUpdate`. */
export type UpdateRule = 'sgd' | 'nesterov' | 'adam' | 'rmsprop' | 'lion'

/** What one optimiser update reads and writes; all but `gradientScale` have the shape of the weights. */
export interface UpdateOperands<T = Tensor> {
  readonly gradient: T
  /** [1, 1], multiplies the gradient (clipping); null for 1. */
  readonly gradientScale: T | null
  readonly weights: T
  /** Velocity or first moment; null where the rule has none. */
  readonly first: T | null
  /** Second moment; null where the rule has none. */
  readonly second: T | null
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
 * Shapes: a tensor of more than two axes is read as [product of the leading axes, last axis]. Images may come as
 * [rows, height, width, channels] or [rows, height·width·channels]. All operations throw a `RecordingError` when
 * shapes do not fit.
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
  /** scale·(x ⊙ Σⱼ xⱼtⱼ), row by row: the matrix scale·x xᵀ of every row, applied to the row of t. */
  rankOne(x: Tensor, tangent: Tensor, scale: number): Tensor
  /** Writes x to the place of `to` (`assign`) or adds it there (`accumulate`). `to` must have a location. */
  store(x: Tensor, to: Tensor, mode: 'assign' | 'accumulate'): void
  /** Gives a temporary a place that outlives the replay, so that another plan can read it. Returns the placed tensor. */
  keep(x: Tensor, place: Tensor): Tensor
  /**
   * One step of SGD with momentum on a parameter (Eq. 2.5): v ← βv − η(g + 2λw); w ← w + v.
   * η, β, λ come from the frame of the replay. Without `velocity`, w ← w − η(g + 2λw). λ counts only where `decayed`.
   */
  sgdUpdate(gradient: Tensor, weights: Tensor, velocity: Tensor | null, decayed: boolean): void
  /** The same numbers in another shape. Nothing is copied where the rows lie one behind the other. */
  reshape(x: Tensor, shape: readonly number[]): Tensor
  /** factor·x + (1 − factor)·y, same shape. */
  mix(x: Tensor, y: Tensor, factor: number): Tensor
  /** 1/√(x + epsilon). */
  inverseSqrt(x: Tensor, epsilon: number): Tensor
  /** f(x). */
  activate(x: Tensor, name: ActivationName): Tensor
  /** x ⊙ f′(by). */
  activateSlope(x: Tensor, by: Tensor, name: ActivationName): Tensor
  /** x ⊙ f″(by). */
  activateCurvature(x: Tensor, by: Tensor, name: ActivationName): Tensor
  /** Σ over the rows of (x + shift) ⊙ y, [1, n]. x, y [m, n], shift [1, n] or null. */
  columnDot(x: Tensor, y: Tensor, shift: Tensor | null): Tensor
  /** Σᵢ xᵢ ⊙ factorᵢ + shift, with factors and shift [1, n] repeated on every row. One to three terms. */
  columnAffine(terms: readonly AffineTerm[], shift: Tensor | null): Tensor
  /** Kernel [kh, kw, in, out] turned by 180° with its channels exchanged, [kh, kw, out, in]. */
  flipKernel(kernel: Tensor): Tensor
  /** Maximum over every window; pixels outside the image never win. A NaN in a window wins. */
  maxPool(x: Tensor, windows: WindowGeometry): MaxPoolResult
  /** x at the places of argmax: the tangent of `maxPool`. [rows, outHeight, outWidth, channels]. */
  takeAt(x: Tensor, argmax: Tensor, windows: WindowGeometry): Tensor
  /** The adjoint of `takeAt`: every y added to its place, zero elsewhere. [rows, height, width, channels]. */
  putAt(y: Tensor, argmax: Tensor, windows: WindowGeometry): Tensor
  /** Mean over the pixels of every window that lie in the image. */
  averagePool(x: Tensor, windows: WindowGeometry): Tensor
  /** The adjoint of `averagePool`. */
  averageBack(y: Tensor, windows: WindowGeometry): Tensor
  /**
   * Images shifted and mirrored: pixel (y, x) of the result is pixel (y + dy, mirrored(x) + dx), zero outside, with
   * mirrored(x) = width − 1 − x where flip is 1. `codes` [rows, 1] is an index tensor of
   * (dy + 128) + 256·(dx + 128) + 65536·flip. [rows, height, width, channels].
   */
  augment(x: Tensor, codes: Tensor, image: readonly [height: number, width: number, channels: number]): Tensor
  /** Σ x², [1, 1]. */
  squaredNorm(x: Tensor): Tensor
  /** min(1, limit/(√x + 1e-6)) of a squared norm x [1, 1]: PyTorch's `clip_grad_norm_`. */
  clipFactor(squaredNorm: Tensor, limit: number): Tensor
  /**
   * One optimiser step on a parameter with the scalars of the frame: g ← scale·g + 2λw; w ← (1 − d)w (both only
   * where `decayed`); then, with m the first and s the second moment,
   * - `sgd`: m ← βm − ηg, w ← w + m (without `first`, w ← w − ηg)
   * - `nesterov`: m ← βm − ηg, w ← w + βm − ηg
   * - `adam`: m ← βm + (1 − β)g, s ← β₂s + (1 − β₂)g², w ← w − ηm/(√s + ε); the bias corrections are in η and ε
   * - `rmsprop`: s ← β₂s + (1 − β₂)g², m ← βm − ηg/(√s + ε), w ← w + m (without `first`, w ← w − ηg/(√s + ε))
   * - `lion`: w ← w − η·sign(βm + (1 − β)g), m ← β₂m + (1 − β₂)g
   */
  update(rule: UpdateRule, operands: UpdateOperands, decayed: boolean): void
}
