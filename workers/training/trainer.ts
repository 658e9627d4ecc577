import type { Seeds, TrainingSettings } from '../../src/contracts/experiment.ts'
import type { Capture, Engine, Executable, Rates } from '../engine/engine.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import type { Network } from '../networks/network.ts'
import { createRandom } from '../numerics/random.ts'
import { allocateAll } from '../networks/allocate-all.ts'
import type { ResidentData } from '../networks/resident-data.ts'
import { augmentationCodes } from './augmentation.ts'
import { changesEveryStep, nextChange, ratesAt, settingsAt, type StepSettings } from './schedule.ts'
import { hasSecondMoment, StepPlans, stepKind } from './step-plans.ts'

/** Where a run stands: `cursor` samples of epoch `epoch` are done, after `step` optimiser steps in all. */
export interface Position {
  readonly epoch: number
  readonly cursor: number
  readonly step: number
}

/** All that is needed to go on from a moment, bit for bit. */
export interface TrainerState {
  readonly position: Position
  /** The network's flat state: weights, and running statistics of batch norm behind them. */
  readonly weights: Float32Array | Float64Array
  /** Velocity, or first moment of the gradient. */
  readonly velocity: Float32Array | Float64Array
  /** Second moment of the gradient; absent where the optimiser has none. */
  readonly second?: Float32Array | Float64Array
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
 * SGD with momentum (Eq. 2.5) or another optimiser over resident data, reshuffled every epoch from the seed. The last batch of an epoch
 * may be smaller. Advances in bursts that never cross an epoch's end or a recorded change.
 */
export class Trainer {
  readonly weights: BufferHandle
  private readonly velocity: BufferHandle
  private readonly order: BufferHandle
  private readonly losses: BufferHandle
  /** Allocated when settings first need them. */
  private second: BufferHandle | null = null
  private gradient: BufferHandle | null = null
  private codes: BufferHandle | null = null
  private readonly plans: StepPlans
  private state: Position = { epoch: 0, cursor: 0, step: 0 }
  private orderOfEpoch = -1
  private claimed = 0

  constructor(
    private readonly engine: Engine,
    private readonly network: Network,
    private readonly data: ResidentData,
    private training: TrainingSettings,
    private seeds: Seeds,
  ) {
    const buffers = allocateAll(engine, [
      ['float', network.stateLength, 'weights'],
      ['float', network.parameterCount, 'velocity'],
      ['index', data.samples, 'batch order'],
      ['float', data.samples, 'batch losses'],
    ])
    ;[this.weights, this.velocity, this.order, this.losses] = buffers
    const { weights, velocity, order, losses } = this
    this.plans = new StepPlans(engine, network, data, () => {
      const { second, gradient, codes } = this
      return { weights, velocity, second, gradient, order, codes: stepKind(this.training).augmented ? codes : null, losses }
    })
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
    this.provide()
    if (this.second !== null) this.engine.write(this.second, state.second ?? new Float32Array(this.network.parameterCount))
    this.state = state.position
    this.claimed = state.position.step
  }

  async snapshot(): Promise<TrainerState> {
    const state = { position: this.state, weights: await this.engine.read(this.weights), velocity: await this.engine.read(this.velocity) }
    return this.second === null ? state : { ...state, second: await this.engine.read(this.second) }
  }

  /**
   * Takes at most `wanted` steps, fewer at the end of the epoch, at a smaller last batch or at a recorded change.
   * With `capture`, the range of the weights after step i lies at i·length of `capture.into`.
   */
  async advance(wanted: number, capture?: StepCapture): Promise<Burst> {
    this.provide()
    this.shuffle()
    const { epoch, cursor, step } = this.state
    const settings = this.settings
    const left = this.data.samples - cursor
    const batch = Math.min(settings.batchSize, left)
    const untilChange = nextChange(this.training, step) - step
    const steps = Math.max(1, Math.min(wanted, Math.floor(left / batch), untilChange))
    this.claimed = step + steps
    const plan = await this.plans.step(batch, stepKind(this.training))
    const ratesOf = (replay: number): Rates =>
      ratesAt(this.training, settings, step + replay, epoch + (cursor + (replay + 1) * batch) / this.data.samples)
    const captured = capture && { ...capture, from: this.weights }
    await plan.run({ ...ratesOf(0), cursor }, steps, captured, changesEveryStep(this.training) ? ratesOf : undefined)
    const losses = batchMeans(await this.engine.read(this.losses, cursor, steps * batch), batch)
    const next = cursor + steps * batch
    const ended = next >= this.data.samples
    this.state = { epoch: ended ? epoch + 1 : epoch, cursor: ended ? 0 : next, step: step + steps }
    return { steps, firstStep: step, losses, settings }
  }

  /** The compiled step at the present settings. */
  compiledStep(): Promise<Executable> {
    this.provide()
    return this.plans.step(Math.min(this.settings.batchSize, this.data.samples), stepKind(this.training))
  }

  dispose(): void {
    this.plans.dispose()
    for (const buffer of [this.weights, this.velocity, this.order, this.losses, this.second, this.gradient, this.codes]) {
      if (buffer !== null) this.engine.free(buffer)
    }
  }

  /** Allocates what the settings need beyond weights and velocity. */
  private provide(): void {
    const { engine, network, data, training } = this
    if (hasSecondMoment(training.optimiser)) this.second ??= engine.allocate('float', network.parameterCount, 'second moment')
    if (training.clipNorm !== null) this.gradient ??= engine.allocate('float', network.parameterCount, 'gradient')
    if (stepKind(training).augmented && this.codes === null) {
      this.codes = engine.allocate('index', data.samples, 'augmentation')
      this.orderOfEpoch = -1
    }
  }

  /** Writes the order of the present epoch: its own stream of the seed, so that any epoch can be resumed. */
  private shuffle(): void {
    if (this.orderOfEpoch === this.state.epoch) return
    const random = createRandom(this.seeds.shuffle, `shuffle/${this.state.epoch}`)
    this.engine.write(this.order, random.permutation(this.data.samples))
    if (this.codes !== null) this.engine.write(this.codes, augmentationCodes(this.training.augmentation, this.seeds.shuffle, this.state.epoch, this.data.samples))
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
