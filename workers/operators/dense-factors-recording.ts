import { Recorder } from '../engine/recorder.ts'
import type { Recording } from '../engine/recording.ts'
import { sizeOf, type BufferHandle, type Tensor } from '../engine/tensor.ts'
import type { Network, Parameter } from '../networks/network.ts'
import { networkTensors } from '../networks/parameters.ts'
import { backwardPass, backwardTangentPass, forwardPass, forwardTangentPass, type BackwardTape, type LinearisationPoint, type Tape } from '../networks/passes.ts'
import type { CurvatureMatrix } from './curvature-recording.ts'

/**
 * How G_n of a dense layer is found: from the Jacobian of the logits (one backward pass per class), from the loss's
 * gradient (one backward pass), or column by column (one pass of tangents per unit of the layer), which an exact Hessian
 * needs where the layers behind are curved.
 */
export interface FactorRoute {
  readonly kind: 'jacobian' | 'gradient' | 'columns'
  /** Of the layer among the network's nodes. */
  readonly position: number
  /** Of the layer, without a constant 1. */
  readonly inputs: number
  readonly outputs: number
  /** Directions [rows, outputs] that a block leaves. */
  readonly passes: number
  /** Numbers that one sample's forward pass makes from the layer on. */
  readonly activationsBehind: number
}

/** Where a block leaves what it found. */
export interface FactorPlaces {
  /** Unit vectors as rows, at least [classes, classes] and [outputs, outputs]. */
  readonly units: BufferHandle
  /** [rows, inputs] */
  readonly layerInputs: BufferHandle
  /** [rows, classes] */
  readonly probabilities: BufferHandle
  /** [rows, outputs] each. */
  readonly directions: readonly BufferHandle[]
}

/** What a block reads. */
export interface FactorSources {
  readonly weights: BufferHandle
  readonly inputs: BufferHandle
  readonly labels: BufferHandle
}

/** Layers whose output is piecewise linear in their input; batch norm is linear at given statistics. */
const PIECEWISE_LINEAR: readonly string[] = ['dense', 'relu', 'flatten', 'batchNorm']

export function factorRoute(network: Network, layer: Parameter, matrix: CurvatureMatrix): FactorRoute {
  const { position } = layer
  const behind = network.nodes.slice(position + 1)
  const outputs = sizeOf(network.nodes[position].outputShape)
  const isCurved = behind.some((node) => node.kind === 'layer' && !PIECEWISE_LINEAR.includes(node.layer.kind))
  const kind = matrix === 'empiricalFisher' ? 'gradient' : matrix === 'hessian' && isCurved ? 'columns' : 'jacobian'
  return {
    kind,
    position,
    inputs: layer.fanIn,
    outputs,
    passes: { jacobian: network.classes, gradient: 1, columns: outputs }[kind],
    activationsBehind: outputs + behind.reduce((sum, { outputShape }) => sum + sizeOf(outputShape), 0),
  }
}

/** What a block of samples does to find a_n and the directions that G_n is made of. */
export function recordFactors(network: Network, sources: FactorSources, places: FactorPlaces, route: FactorRoute, rows: number): Recording {
  const ops = new Recorder('factors of a dense layer', rows)
  const tensors = networkTensors(ops, network, sources.weights)
  const tape = forwardPass(ops, network, tensors, ops.sampleRows(sources.inputs, [network.inputSize]), 'inference')
  const { probabilities, gradient } = ops.softmaxCrossEntropy(tape.logits, ops.sampleRows(sources.labels, [1]), 1, { rowLoss: null, rowCorrect: null })
  const keep = (value: Tensor, place: BufferHandle): void => ops.store(value, ops.fixed(place, 0, value.shape), 'assign')
  const isOfLayer = (parameter: Parameter): boolean => parameter.position === route.position
  const unit = (i: number, length: number): Tensor => ops.broadcastRows(ops.fixed(places.units, i * unitLength(network, route), [length]), rows)
  const backward = (seed: Tensor): BackwardTape => backwardPass(ops, network, tensors, tape, seed, isOfLayer)
  const atLayer = (values: readonly (Tensor | null)[]): Tensor => {
    const value = values[route.position]
    if (value === null) throw new Error('dense factors: the layer does not reach the loss')
    return value
  }

  keep(tape.saved[route.position][0], places.layerInputs)
  if (route.kind === 'jacobian') keep(probabilities, places.probabilities)
  const lossBackward = route.kind === 'jacobian' ? null : backward(gradient)
  places.directions.forEach((place, i) => {
    if (lossBackward === null) return keep(atLayer(backward(unit(i, network.classes)).outputGradients), place)
    if (route.kind === 'gradient') return keep(atLayer(lossBackward.outputGradients), place)
    const moved = { position: route.position, tangent: unit(i, route.outputs) }
    const still = network.parameters.map(() => null)
    const point = linearisationPoint(tape, lossBackward)
    const forward = forwardTangentPass(ops, network, tensors, still, point, moved)
    const logitTangent = forward.logits && ops.softmaxTangent(probabilities, forward.logits, 1)
    keep(atLayer(backwardTangentPass(ops, network, tensors, still, forward.inputTangents, logitTangent, point, isOfLayer).outputGradientTangents), place)
  })
  return ops.finish()
}

/** Length of a row of the unit vectors. */
export function unitLength(network: Network, { outputs }: FactorRoute): number {
  return Math.max(network.classes, outputs)
}

function linearisationPoint(tape: Tape, { outputGradients }: BackwardTape): LinearisationPoint {
  return {
    mode: tape.mode,
    saved: (position) => (index) => tape.saved[position][index],
    outputGradient: (position) => {
      const gradient = outputGradients[position]
      return gradient === null ? null : () => gradient
    },
  }
}
