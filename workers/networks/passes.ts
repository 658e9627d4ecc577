import type { Operations } from '../engine/operations.ts'
import type { Tensor } from '../engine/tensor.ts'
import { addMaybe, type ForwardContext, type MaybeTensor, type Saved, type StatisticsMode, type Wants } from './layer.ts'
import type { Network, Parameter } from './network.ts'

/** The tensors of a network's parameters and running statistics, in layout order. */
export interface NetworkTensors {
  readonly parameters: readonly Tensor[]
  readonly statistics: readonly Tensor[]
}

/** A forward pass: what every node saved, and the logits. */
export interface Tape {
  readonly saved: readonly (readonly Tensor[])[]
  readonly logits: Tensor
  readonly mode: StatisticsMode
}

/** What a backward pass leaves for the tangent passes. */
export interface BackwardTape {
  /** Gradient of every parameter that was wanted, in layout order. */
  readonly gradients: readonly MaybeTensor[]
  /** ∂L/∂output of every node that was reached, by position. */
  readonly outputGradients: readonly MaybeTensor[]
}

/** What tangent passes read of the linearisation point. */
export interface LinearisationPoint {
  readonly mode: StatisticsMode
  saved(position: number): Saved
  /** Null for Gauss–Newton products, which drop the terms with ∂L/∂output. */
  outputGradient(position: number): (() => Tensor) | null
}

/**
 * Logits of the inputs x [rows, inputSize]. In `training` mode batch norm uses the statistics of these rows, which
 * with `gather` go into the running ones.
 */
export function forwardPass(ops: Operations, network: Network, tensors: NetworkTensors, x: Tensor, mode: StatisticsMode, gather = false): Tape {
  const values: Tensor[] = []
  const valueOf = (position: number): Tensor => (position < 0 ? x : values[position])
  const saved = network.nodes.map((node, position) => {
    if (node.kind === 'sum') {
      values.push(ops.add(valueOf(node.inputs[0]), valueOf(node.inputs[1])))
      return []
    }
    const context: ForwardContext = { mode, gather, statistics: ofPosition(network.statistics, position, tensors.statistics) }
    const result = node.layer.forward(ops, valueOf(node.input), ofPosition(network.parameters, position, tensors.parameters), context)
    values.push(result.output)
    return result.saved
  })
  return { saved, logits: valueOf(network.nodes.length - 1), mode }
}

/** Gradients of the wanted parameters from ∂L/∂logits. */
export function backwardPass(
  ops: Operations,
  network: Network,
  tensors: NetworkTensors,
  tape: Tape,
  logitGradient: Tensor,
  wanted: (parameter: Parameter) => boolean,
): BackwardTape {
  const gradients: MaybeTensor[] = network.parameters.map(() => null)
  const reach = reachOf(network, wanted)
  const outputGradients = new Contributions(ops, network.nodes.length)
  outputGradients.add(network.nodes.length - 1, logitGradient)
  for (let position = network.nodes.length - 1; position >= 0; position--) {
    const gradient = outputGradients.at(position)
    if (gradient === null) continue
    const node = network.nodes[position]
    if (node.kind === 'sum') {
      for (const input of node.inputs) if (reach(input)) outputGradients.add(input, gradient)
      continue
    }
    const wants = wantsOf(network, position, reach, wanted)
    const saved: Saved = (index) => tape.saved[position][index]
    const result = node.layer.backward(ops, gradient, saved, ofPosition(network.parameters, position, tensors.parameters), wants, tape.mode)
    scatter(network, position, result.parameters, gradients)
    if (result.input !== null) outputGradients.add(node.input, result.input)
  }
  return { gradients, outputGradients: outputGradients.all() }
}

/** A node's value that moves by itself, without any parameter. */
export interface MovedValue {
  readonly position: number
  readonly tangent: Tensor
}

/**
 * Tangents of every node's value along the parameter tangents (null where nothing moves) or that of one value, and of
 * the logits.
 */
export function forwardTangentPass(
  ops: Operations,
  network: Network,
  tensors: NetworkTensors,
  tangents: readonly MaybeTensor[],
  point: LinearisationPoint,
  moved: MovedValue | null = null,
): { readonly inputTangents: readonly MaybeTensor[]; readonly logits: MaybeTensor } {
  const values: MaybeTensor[] = []
  const valueOf = (position: number): MaybeTensor => (position < 0 ? null : values[position])
  const inputTangents = network.nodes.map((node, position) => {
    if (node.kind === 'sum') {
      values.push(addMaybe(ops, valueOf(node.inputs[0]), valueOf(node.inputs[1])))
      return null
    }
    const input = valueOf(node.input)
    const [own, parameters] = [ofPosition(network.parameters, position, tangents), ofPosition(network.parameters, position, tensors.parameters)]
    const moves = input !== null || own.some((tangent) => tangent !== null)
    if (moved?.position === position) values.push(moved.tangent)
    else values.push(moves ? node.layer.forwardTangent(ops, input, own, point.saved(position), parameters, point.mode) : null)
    return input
  })
  return { inputTangents, logits: valueOf(network.nodes.length - 1) }
}

/** What the tangent of a backward pass gives. */
export interface BackwardTangents {
  /** Tangents of the wanted parameters' gradients: the entries of H·v or G·v. */
  readonly products: readonly MaybeTensor[]
  /** Tangents of ∂L/∂output of every node that was reached, by position. */
  readonly outputGradientTangents: readonly MaybeTensor[]
}

/** The backward pass differentiated along the tangents of a forward pass. */
export function backwardTangentPass(
  ops: Operations,
  network: Network,
  tensors: NetworkTensors,
  tangents: readonly MaybeTensor[],
  inputTangents: readonly MaybeTensor[],
  logitGradientTangent: MaybeTensor,
  point: LinearisationPoint,
  wanted: (parameter: Parameter) => boolean,
): BackwardTangents {
  const products: MaybeTensor[] = network.parameters.map(() => null)
  const reach = reachOf(network, wanted)
  const gradientTangents = new Contributions(ops, network.nodes.length)
  if (logitGradientTangent !== null) gradientTangents.add(network.nodes.length - 1, logitGradientTangent)
  for (let position = network.nodes.length - 1; position >= 0; position--) {
    const node = network.nodes[position]
    const outputGradientTangent = gradientTangents.at(position)
    if (node.kind === 'sum') {
      for (const input of node.inputs) if (outputGradientTangent !== null && reach(input)) gradientTangents.add(input, outputGradientTangent)
      continue
    }
    if (!reach(position)) continue
    const input = {
      outputGradient: point.outputGradient(position),
      outputGradientTangent,
      inputTangent: inputTangents[position],
      parameterTangents: ofPosition(network.parameters, position, tangents),
    }
    const wants = wantsOf(network, position, reach, wanted)
    const parameters = ofPosition(network.parameters, position, tensors.parameters)
    const result = node.layer.backwardTangent(ops, input, point.saved(position), parameters, wants, point.mode)
    scatter(network, position, result.parameters, products)
    if (result.input !== null) gradientTangents.add(node.input, result.input)
  }
  return { products, outputGradientTangents: gradientTangents.all() }
}

/** Gradients by position: a value with several consumers gets the sum of theirs. */
class Contributions {
  private readonly sums: MaybeTensor[]

  constructor(
    private readonly ops: Operations,
    nodes: number,
  ) {
    this.sums = Array.from({ length: nodes }, () => null)
  }

  add(position: number, value: Tensor): void {
    if (position >= 0) this.sums[position] = addMaybe(this.ops, this.sums[position], value)
  }

  at(position: number): MaybeTensor {
    return this.sums[position]
  }

  all(): readonly MaybeTensor[] {
    return this.sums
  }
}

function ofPosition<T>(owners: readonly { readonly position: number }[], position: number, values: readonly T[]): readonly T[] {
  return values.filter((_, i) => owners[i].position === position)
}

function scatter(network: Network, position: number, from: readonly MaybeTensor[], into: MaybeTensor[]): void {
  const indices = network.parameters.flatMap((parameter, i) => (parameter.position === position ? [i] : []))
  indices.forEach((index, i) => {
    into[index] = from[i]
  })
}

/** Whether a wanted parameter is in the node of a position or before it: whether its gradient leads anywhere. */
function reachOf(network: Network, wanted: (parameter: Parameter) => boolean): (position: number) => boolean {
  const reached: boolean[] = []
  network.nodes.forEach((node, position) => {
    const inputs = node.kind === 'sum' ? node.inputs : [node.input]
    const own = network.parameters.some((parameter) => parameter.position === position && wanted(parameter))
    reached.push(own || inputs.some((input) => input >= 0 && reached[input]))
  })
  return (position) => position >= 0 && reached[position]
}

function wantsOf(network: Network, position: number, reach: (position: number) => boolean, wanted: (parameter: Parameter) => boolean): Wants {
  const node = network.nodes[position]
  return {
    input: node.kind === 'layer' && reach(node.input),
    parameters: network.parameters.filter((parameter) => parameter.position === position).map(wanted),
  }
}
