import type { Seeds, TrainingSettings } from '../../src/contracts/experiment.ts'
import { NO_RATES, type Capture, type Engine, type Executable } from '../engine/engine.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import type { Network } from '../networks/network.ts'
import { createRandom } from '../numerics/random.ts'
import { allocateAll } from '../networks/allocate-all.ts'
import type { ResidentData } from '../networks/resident-data.ts'
import { nextChange, settingsAt, type StepSettings } from './schedule.ts'
import { StepPlans } from './step-plans.ts'

/** Where a run stands: `cursor` samples of epoch `epoch` are done, after `step` optimiser steps in all. */
export interface Position {
  readonly epoch: number
  readonly cursor: number
  readonly step: number
}

/** All that is needed to go on from a moment, bit for bit. */
export interface TrainerState {
  readonly position: Position
  readonly weights: Float32Array | Float64Array
  readonly velocity: Float32Array | Float64Array
}

/** What a burst of steps did. */
export interface Burst {
  readonly steps: number
  /** Step number before the first of them. */
  readonly firstStep: number
  /** Mean cross entropy of every mini-batch. */
  readonly losses: Float32Array
  readonly settings: StepSettings
}

/** Copies a range of the weights after every step of a burst. */
export type StepCapture = Omit<Capture, 'from'>

/**
 * SGD with momentum (Eq. 2.5) over resident data, reshuffled every epoch from the seed. The last batch of an epoch
 * may be smaller. Advances in bursts that never cross an epoch's end or a recorded change.
 */
export class Trainer {
  readonly weights: BufferHandle
  private readonly velocity: BufferHandle
  private readonly order: BufferHandle
  private readonly losses: BufferHandle
  private readonly plans: StepPlans
  private state: Position = { epoch: 0, cursor: 0, step: 0 }
  private orderOfEpoch = -1
  private claimed = 0

  constructor(
    private readonly engine: Engine,
    network: Network,
    private readonly data: ResidentData,
    private training: TrainingSettings,
    private seeds: Seeds,
  ) {
    const buffers = allocateAll(engine, [
      ['float', network.parameterCount, 'weights'],
      ['float', network.parameterCount, 'velocity'],
      ['index', data.samples, 'batch order'],
      ['float', data.samples, 'batch losses'],
    ])
    ;[this.weights, this.velocity, this.order, this.losses] = buffers
    this.plans = new StepPlans(engine, network, data, { weights: this.weights, velocity: this.velocity, order: this.order, losses: this.losses })
  }

  get position(): Position {
    return this.state
  }

  /** The first step that no burst has begun: where a change made now takes effect. */
  get nextStep(): number {
    return Math.max(this.claimed, this.state.step)
  }

  /** Epochs done, with the fraction of the present one. */
  get epochsDone(): number {
    return this.state.epoch + this.state.cursor / this.data.samples
  }

  get settings(): StepSettings {
    return settingsAt(this.training, this.state.epoch, this.state.step)
  }

  /** Steps of a whole epoch at the present batch size. */
  get stepsPerEpoch(): number {
    return Math.ceil(this.data.samples / this.settings.batchSize)
  }

  /** New settings from the next step on; new seeds shuffle anew. */
  configure(training: TrainingSettings, seeds: Seeds): void {
    this.training = training
    this.seeds = seeds
    this.orderOfEpoch = -1
  }

  restore(state: TrainerState): void {
    this.engine.write(this.weights, state.weights)
    this.engine.write(this.velocity, state.velocity)
    this.state = state.position
    this.claimed = state.position.step
  }

  async snapshot(): Promise<TrainerState> {
    return { position: this.state, weights: await this.engine.read(this.weights), velocity: await this.engine.read(this.velocity) }
  }

  /**
   * Takes at most `wanted` steps, fewer at the end of the epoch, at a smaller last batch or at a recorded change.
   * With `capture`, the range of the weights after step i lies at i·length of `capture.into`.
   */
  async advance(wanted: number, capture?: StepCapture): Promise<Burst> {
    this.shuffle()
    const { epoch, cursor, step } = this.state
    const settings = this.settings
    const left = this.data.samples - cursor
    const batch = Math.min(settings.batchSize, left)
    const untilChange = nextChange(this.training, step) - step
    const steps = Math.max(1, Math.min(wanted, Math.floor(left / batch), untilChange))
    this.claimed = step + steps
    const plan = await this.plans.step(batch, settings.momentum > 0)
    const { learningRate, momentum, weightDecay } = settings
    await plan.run({ ...NO_RATES, cursor, learningRate, momentum, weightDecay }, steps, capture && { ...capture, from: this.weights })
    const losses = batchMeans(await this.engine.read(this.losses, cursor, steps * batch), batch)
    const next = cursor + steps * batch
    const ended = next >= this.data.samples
    this.state = { epoch: ended ? epoch + 1 : epoch, cursor: ended ? 0 : next, step: step + steps }
    return { steps, firstStep: step, losses, settings }
  }

  /** The compiled step at the present settings. */
  compiledStep(): Promise<Executable> {
    const { batchSize, momentum } = this.settings
    return this.plans.step(Math.min(batchSize, this.data.samples), momentum > 0)
  }

  dispose(): void {
    this.plans.dispose()
    for (const buffer of [this.weights, this.velocity, this.order, this.losses]) this.engine.free(buffer)
  }

  /** Writes the order of the present epoch: its own stream of the seed, so that any epoch can be resumed. */
  private shuffle(): void {
    if (this.orderOfEpoch === this.state.epoch) return
    const random = createRandom(this.seeds.shuffle, `shuffle/${this.state.epoch}`)
    this.engine.write(this.order, random.permutation(this.data.samples))
    this.orderOfEpoch = this.state.epoch
  }
}

function batchMeans(rowLosses: Float32Array | Float64Array, batch: number): Float32Array {
  const means = new Float32Array(rowLosses.length / batch)
  for (let b = 0; b < means.length; b++) {
    let sum = 0
    for (let r = 0; r < batch; r++) sum += rowLosses[b * batch + r]
    means[b] = sum / batch
  }
  return means
}
