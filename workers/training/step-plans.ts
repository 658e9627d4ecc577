import type { Engine, Executable } from '../engine/engine.ts'
import { Recorder } from '../engine/recorder.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import type { Network } from '../networks/network.ts'
import { backwardPass, forwardPass } from '../networks/passes.ts'
import { parameterTensors } from '../networks/parameters.ts'
import type { ResidentData } from '../networks/resident-data.ts'

/** The buffers a training step works on. */
export interface TrainingBuffers {
  readonly weights: BufferHandle
  readonly velocity: BufferHandle
  /** Sample numbers of the epoch, in the order they are visited. */
  readonly order: BufferHandle
  /** Cross entropy of every position of the order. */
  readonly losses: BufferHandle
}

/** Compiled steps kept: a slider that runs over batch sizes must not fill the memory. */
const MOST_PLANS = 6

/** Compiled SGD steps, one per batch size that occurs; built when first needed, the oldest dropped. */
export class StepPlans {
  private readonly plans = new Map<string, Executable>()

  constructor(
    private readonly engine: Engine,
    private readonly network: Network,
    private readonly data: ResidentData,
    private readonly buffers: TrainingBuffers,
  ) {}

  /** The step on `batch` samples, with or without a velocity. */
  async step(batch: number, withMomentum: boolean): Promise<Executable> {
    const key = `${batch}/${String(withMomentum)}`
    const known = this.plans.get(key)
    if (known) return known
    const plan = await this.engine.compile(this.record(batch, withMomentum))
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

  private record(batch: number, withMomentum: boolean): ReturnType<Recorder['finish']> {
    const ops = new Recorder(`SGD step, batch ${batch}`, batch)
    const weights = parameterTensors(ops, this.network, this.buffers.weights)
    const velocity = withMomentum ? parameterTensors(ops, this.network, this.buffers.velocity) : null
    const x = ops.gatheredRows(this.data.inputs, this.buffers.order, this.data.features)
    const labels = ops.gatheredRows(this.data.labels, this.buffers.order, 1)
    const tape = forwardPass(ops, this.network, weights, x)
    const readings = { rowLoss: ops.sampleRows(this.buffers.losses, [1]), rowCorrect: null }
    const { gradient } = ops.softmaxCrossEntropy(tape.logits, labels, 1 / batch, readings)
    const { gradients } = backwardPass(ops, this.network, weights, tape, gradient, () => true)
    gradients.forEach((value, i) => {
      if (value !== null) ops.sgdUpdate(value, weights[i], velocity === null ? null : velocity[i], this.network.parameters[i].decayed)
    })
    return ops.finish()
  }
}
