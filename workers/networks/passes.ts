import type { Operations } from '../engine/operations.ts'
import type { Tensor } from '../engine/tensor.ts'
import type { MaybeTensor, Saved, Wants } from './layer.ts'
import type { Network, Parameter } from './network.ts'

/** The tensors of a network's parameters, in layout order. */
export type ParameterTensors = readonly Tensor[]

/** A forward pass: what every layer saved, and the logits. */
export interface Tape {
  readonly saved: readonly (readonly Tensor[])[]
  readonly logits: Tensor
}

/** What a backward pass leaves for the tangent passes. */
export interface BackwardTape {
  /** Gradient of every parameter that was wanted, in layout order. */
  readonly gradients: readonly MaybeTensor[]
  /** ∂L/∂output of every layer that was reached, by position. */
  readonly outputGradients: readonly MaybeTensor[]
}

/** What tangent passes read of the linearisation point. */
export interface LinearisationPoint {
  saved(position: number): Saved
  /** Null for Gauss–Newton products, which drop the terms with ∂L/∂output. */
  outputGradient(position: number): (() => Tensor) | null
}

/** Logits of the inputs x [rows, inputSize]. */
export function forwardPass(ops: Operations, network: Network, parameters: ParameterTensors, x: Tensor): Tape {
  let value = x
  const saved = network.layers.map((layer, position) => {
    const result = layer.forward(ops, value, at(network, position, parameters))
    value = result.output
    return result.saved
  })
  return { saved, logits: value }
}

/** Gradients of the wanted parameters from ∂L/∂logits. */
export function backwardPass(
  ops: Operations,
  network: Network,
  parameters: ParameterTensors,
  tape: Tape,
  logitGradient: Tensor,
  wanted: (parameter: Parameter) => boolean,
): BackwardTape {
  const gradients: MaybeTensor[] = network.parameters.map(() => null)
  const outputGradients: MaybeTensor[] = network.layers.map(() => null)
  let gradient: MaybeTensor = logitGradient
  for (let position = network.layers.length - 1; position >= 0 && gradient !== null; position--) {
    outputGradients[position] = gradient
    const wants = wantsOf(network, position, wanted)
    const result = network.layers[position].backward(ops, gradient, savedOf(tape, position), at(network, position, parameters), wants)
    scatter(network, position, result.parameters, gradients)
    gradient = result.input
  }
  return { gradients, outputGradients }
}

/** Tangents of every layer's input along the parameter tangents (null where a parameter does not move), and of the logits. */
export function forwardTangentPass(
  ops: Operations,
  network: Network,
  parameters: ParameterTensors,
  tangents: readonly MaybeTensor[],
  point: LinearisationPoint,
): { readonly inputTangents: readonly MaybeTensor[]; readonly logits: MaybeTensor } {
  let tangent: MaybeTensor = null
  const inputTangents = network.layers.map((layer, position) => {
    const input = tangent
    tangent = layer.forwardTangent(ops, input, at(network, position, tangents), point.saved(position), at(network, position, parameters))
    return input
  })
  return { inputTangents, logits: tangent }
}

/** Tangents of the wanted parameters' gradients: the entries of H·v or G·v. */
export function backwardTangentPass(
  ops: Operations,
  network: Network,
  parameters: ParameterTensors,
  tangents: readonly MaybeTensor[],
  inputTangents: readonly MaybeTensor[],
  logitGradientTangent: MaybeTensor,
  point: LinearisationPoint,
  wanted: (parameter: Parameter) => boolean,
): readonly MaybeTensor[] {
  const products: MaybeTensor[] = network.parameters.map(() => null)
  let outputGradientTangent = logitGradientTangent
  for (let position = network.layers.length - 1; position >= 0; position--) {
    const input = {
      outputGradient: point.outputGradient(position),
      outputGradientTangent,
      inputTangent: inputTangents[position],
      parameterTangents: at(network, position, tangents),
    }
    const wants = wantsOf(network, position, wanted)
    const result = network.layers[position].backwardTangent(ops, input, point.saved(position), at(network, position, parameters), wants)
    scatter(network, position, result.parameters, products)
    outputGradientTangent = result.input
  }
  return products
}


function at<T>(network: Network, position: number, values: readonly T[]): readonly T[] {
  return values.filter((_, i) => network.parameters[i].position === position)
}

function scatter(network: Network, position: number, from: readonly MaybeTensor[], into: MaybeTensor[]): void {
  const indices = network.parameters.flatMap((parameter, i) => (parameter.position === position ? [i] : []))
  indices.forEach((index, i) => {
    into[index] = from[i]
  })
}

function savedOf(tape: Tape, position: number): Saved {
  return (index) => tape.saved[position][index]
}

/** A layer's input gradient is wanted when a layer before it has a wanted parameter. */
function wantsOf(network: Network, position: number, wanted: (parameter: Parameter) => boolean): Wants {
  return {
    input: network.parameters.some((parameter) => parameter.position < position && wanted(parameter)),
    parameters: network.parameters.filter((parameter) => parameter.position === position).map(wanted),
  }
}
