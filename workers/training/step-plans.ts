import type { TrainingSettings } from '../../src/contracts/experiment.ts'
import type { Engine, Executable } from '../engine/engine.ts'
import type { UpdateRule } from '../engine/operations.ts'
import { Recorder } from '../engine/recorder.ts'
import type { Recording } from '../engine/recording.ts'
import type { BufferHandle, Tensor } from '../engine/tensor.ts'
import { isDecayed, type Network } from '../networks/network.ts'
import { backwardPass, forwardPass } from '../networks/passes.ts'
import { networkTensors } from '../networks/parameters.ts'
import type { ResidentData } from '../networks/resident-data.ts'

/** The buffers a training step works on. */
export interface TrainingBuffers {
  /** Weights with the running statistics behind them. */
  readonly weights: BufferHandle
  /** Velocity or first moment. */
  readonly velocity: BufferHandle
  /** Second moment; null while no optimiser has needed it. */
  readonly second: BufferHandle | null
  /** The whole gradient, for clipping; null while nothing has needed it. */
  readonly gradient: BufferHandle | null
  /** Sample numbers of the epoch, in the order they are visited. */
  readonly order: BufferHandle
  /** Shift and mirroring of every position of the order; null without augmentation. */
  readonly codes: BufferHandle | null
  /** Cross entropy of every position of the order. */
  readonly losses: BufferHandle
}

/** Settings that decide what a step does, apart from its rates. */
export type StepKind = Pick<TrainingSettings, 'optimiser' | 'clipNorm' | 'decayed'> & { readonly withMomentum: boolean; readonly augmented: boolean }

/** What is recorded of the settings. */
export function stepKind(training: TrainingSettings): StepKind {
  const { optimiser, clipNorm, decayed, momentum, augmentation } = training
  return { optimiser, clipNorm, decayed, withMomentum: momentum > 0, augmented: augmentation.crop > 0 || augmentation.flip }
}

const RULES: Record<TrainingSettings['optimiser'], UpdateRule> = { sgd: 'sgd', nesterov: 'nesterov', adam: 'adam', adamw: 'adam', rmsprop: 'rmsprop', lion: 'lion' }

/** Whether an optimiser keeps a second moment. */
export function hasSecondMoment(optimiser: TrainingSettings['optimiser']): boolean {
  return optimiser === 'adam' || optimiser === 'adamw' || optimiser === 'rmsprop'
}

/** Compiled steps kept: a slider that runs over batch sizes must not fill the memory. */
const MOST_PLANS = 6

/** Compiled optimiser steps, one per kind and batch size that occurs; built when first needed, the oldest dropped. */
export class StepPlans {
  private readonly plans = new Map<string, Executable>()

  constructor(
    private readonly engine: Engine,
    private readonly network: Network,
    private readonly data: ResidentData,
    private readonly buffers: () => TrainingBuffers,
  ) {}

  /** The step of a kind on `batch` samples. */
  async step(batch: number, kind: StepKind): Promise<Executable> {
    const key = JSON.stringify([batch, kind])
    const known = this.plans.get(key)
    if (known) return known
    const plan = await this.engine.compile(recordStep(this.network, this.data, this.buffers(), batch, kind))
    this.plans.set(key, plan)
    this.dropOldest()
    return plan
  }

  dispose(): void {
    for (const plan of this.plans.values()) plan.dispose()
    this.plans.clear()
  }

  private dropOldest(): void {
    const [oldest] = this.plans
    if (this.plans.size <= MOST_PLANS || oldest === undefined) return
    oldest[1].dispose()
    this.plans.delete(oldest[0])
  }
}

/** One optimiser step on a mini-batch: gathered samples, forward and backward pass, update of every parameter. */
export function recordStep(network: Network, data: ResidentData, buffers: TrainingBuffers, batch: number, kind: StepKind): Recording {
  const ops = new Recorder(`training step, batch ${batch}`, batch)
  const tensors = networkTensors(ops, network, buffers.weights)
  const labels = ops.gatheredRows(data.labels, buffers.order, 1)
  const tape = forwardPass(ops, network, tensors, batchInputs(ops, network, data, buffers), 'training', true)
  const readings = { rowLoss: ops.sampleRows(buffers.losses, [1]), rowCorrect: null }
  const { gradient } = ops.softmaxCrossEntropy(tape.logits, labels, 1 / batch, readings)
  const { gradients } = backwardPass(ops, network, tensors, tape, gradient, () => true)
  recordUpdate(ops, network, tensors.parameters, gradients, buffers, kind)
  return ops.finish()
}

function batchInputs(ops: Recorder, network: Network, data: ResidentData, { order, codes }: TrainingBuffers): Tensor {
  const x = ops.gatheredRows(data.inputs, order, data.features)
  if (codes === null) return x
  return ops.reshape(ops.augment(x, ops.sampleRows(codes, [1]), network.inputShape), [ops.rows, data.features])
}

/** The update of every parameter that has a gradient, clipped together where the kind says so. */
export function recordUpdate(
  ops: Recorder,
  network: Network,
  weights: readonly Tensor[],
  gradients: readonly (Tensor | null)[],
  { velocity, second, gradient: whole }: Pick<TrainingBuffers, 'velocity' | 'second' | 'gradient'>,
  { optimiser, clipNorm, decayed, withMomentum }: StepKind,
): void {
  const slice = (buffer: BufferHandle, i: number): Tensor => ops.fixed(buffer, network.parameters[i].offset, weights[i].shape)
  const clip = clipNorm !== null && whole !== null ? { limit: clipNorm, whole } : null
  const needsFirst = optimiser === 'adam' || optimiser === 'adamw' || optimiser === 'lion' || optimiser === 'nesterov' || withMomentum
  if (clip !== null) {
    gradients.forEach((value, i) => {
      if (value !== null) ops.store(value, slice(clip.whole, i), 'assign')
    })
  }
  const scale = clip === null ? null : ops.clipFactor(ops.squaredNorm(ops.fixed(clip.whole, 0, [1, network.parameterCount])), clip.limit)
  gradients.forEach((value, i) => {
    if (value === null) return
    const decays = isDecayed(network.parameters[i], decayed)
    const first = needsFirst ? slice(velocity, i) : null
    if (optimiser === 'sgd' && clip === null) return ops.sgdUpdate(value, weights[i], first, decays)
    const gradient = clip === null ? value : slice(clip.whole, i)
    const operands = { gradient, gradientScale: scale, weights: weights[i], first, second: hasSecondMoment(optimiser) && second !== null ? slice(second, i) : null }
    ops.update(RULES[optimiser], operands, decays)
  })
}
