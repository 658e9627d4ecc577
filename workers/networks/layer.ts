import type { Operations } from '../engine/operations.ts'
import type { Tensor } from '../engine/tensor.ts'

/** One trainable tensor of a layer. */
export interface ParameterSpec {
  readonly role: 'kernel' | 'bias' | 'gamma' | 'beta'
  /** TensorFlow shape: [in, out] for dense kernels, [kh, kw, in, out] for convolutions, [out] for the others. */
  readonly shape: readonly number[]
  readonly fanIn: number
  readonly fanOut: number
}

/** Numbers of a layer that are gathered in training instead of being trained: one per channel. */
export interface StatisticSpec {
  readonly role: 'mean' | 'variance'
  readonly size: number
  readonly initial: number
}

/** Whether batch norm uses the statistics of the rows at hand or those gathered in training. */
export type StatisticsMode = 'training' | 'inference'

/** What a forward pass needs besides inputs and parameters. */
export interface ForwardContext {
  readonly mode: StatisticsMode
  /** Running statistics, in the order of the layer's `statistics`. */
  readonly statistics: readonly Tensor[]
  /** Whether training statistics go into the running ones. */
  readonly gather: boolean
}

/** Gradients (or their tangents) wanted from a layer; what is not wanted is not computed. */
export interface Wants {
  readonly input: boolean
  /** One flag per parameter. */
  readonly parameters: readonly boolean[]
}

/** Null stands for a structural zero: nothing is recorded for it. */
export type MaybeTensor = Tensor | null

export interface LayerGradients {
  readonly input: MaybeTensor
  readonly parameters: readonly MaybeTensor[]
}

/** What the tangent of the backward pass needs from the linearisation and the forward tangent. */
export interface BackwardTangentInput {
  /** ∂L/∂output at the linearisation point; a function because asking for it makes it stored. Null in Gauss–Newton products. */
  readonly outputGradient: (() => Tensor) | null
  /** Tangent of ∂L/∂output. */
  readonly outputGradientTangent: MaybeTensor
  readonly inputTangent: MaybeTensor
  readonly parameterTangents: readonly MaybeTensor[]
}

/**
 * A layer is four pure functions over the operation algebra. `forward` and `backward` give training and evaluation;
 * with their tangents (Pearlmutter 1994, the R-operator) they give exact Hessian-vector and Gauss–Newton products
 * of any network made of such layers.
 */
export interface Layer {
  readonly kind: string
  readonly parameters: readonly ParameterSpec[]
  readonly statistics: readonly StatisticSpec[]
  /** Shape of one sample's output, without the batch axis. */
  readonly outputShape: readonly number[]
  /** `saved` is what the other three functions need again. */
  forward(ops: Operations, x: Tensor, parameters: readonly Tensor[], context: ForwardContext): { readonly output: Tensor; readonly saved: readonly Tensor[] }
  backward(ops: Operations, outputGradient: Tensor, saved: Saved, parameters: readonly Tensor[], wants: Wants, mode: StatisticsMode): LayerGradients
  forwardTangent(
    ops: Operations,
    inputTangent: MaybeTensor,
    parameterTangents: readonly MaybeTensor[],
    saved: Saved,
    parameters: readonly Tensor[],
    mode: StatisticsMode,
  ): MaybeTensor
  backwardTangent(ops: Operations, input: BackwardTangentInput, saved: Saved, parameters: readonly Tensor[], wants: Wants, mode: StatisticsMode): LayerGradients
}

/** Saved tensors by position; asking for one in a tangent pass makes the linearisation store it. */
export type Saved = (index: number) => Tensor

/** a + b where either may be a structural zero. */
export function addMaybe(ops: Operations, a: MaybeTensor, b: MaybeTensor): MaybeTensor {
  if (a === null) return b
  return b === null ? a : ops.add(a, b)
}
