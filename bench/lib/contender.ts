import type { Engine } from '../../workers/engine/engine.ts'
import { freeData, uploadData } from '../../workers/networks/resident-data.ts'
import { Trainer } from '../../workers/training/trainer.ts'
import { timed } from './measure.ts'
import type { Samples } from './samples.ts'
import type { Subject } from './subjects.ts'

/** Somebody who takes optimiser steps on a subject. */
export interface Contender {
  /** Cross entropy of the first batch before each of so many steps on it. Call it first: it warms up, too. */
  losses(steps: number): Promise<readonly number[]>
  /** One step per batch of the samples; milliseconds per step. */
  measure(): Promise<number>
  dispose(): void
}

/** An engine of this project as a contender. */
export interface OwnContender extends Contender {
  /** Kernels (CPU) or dispatches (GPU) of one step. */
  readonly dispatches: number
  /** Seconds until the step could run. */
  readonly compileSeconds: number
}

/** Trains as the lab does: gathering, shuffling and reading the losses are part of the time. */
export async function openOwn(engine: Engine, subject: Subject, samples: Samples): Promise<OwnContender> {
  const { network, training, seeds, weights } = subject
  const data = uploadData(engine, samples.images, samples.labels, network.inputSize, 'bench')
  const trainerOn = (count: number): Trainer => {
    const trainer = new Trainer(engine, network, { ...data, samples: count }, training, seeds)
    trainer.restore({ position: { epoch: 0, cursor: 0, step: 0 }, weights, velocity: new Float32Array(network.parameterCount) })
    return trainer
  }
  const batches = samples.labels.length / training.batchSize
  const [trainer, first] = [trainerOn(samples.labels.length), trainerOn(training.batchSize)]
  const start = performance.now()
  const { dispatches } = await trainer.compiledStep()
  const compileSeconds = (performance.now() - start) / 1000
  return {
    dispatches,
    compileSeconds,
    losses: async (steps) => {
      const losses: number[] = []
      for (let i = 0; i < steps; i++) losses.push(...(await first.advance(1)).losses)
      await trainer.advance(batches)
      return losses
    },
    measure: async () => (await timed(() => trainer.advance(batches))) / batches,
    dispose: () => {
      trainer.dispose()
      first.dispose()
      freeData(engine, data)
    },
  }
}

/** Largest relative difference between the losses of contenders that should do the same. */
export function disagreement(losses: readonly (readonly number[])[]): number {
  const [first, ...others] = losses
  return Math.max(0, ...others.flatMap((other) => other.map((loss, i) => Math.abs(loss - first[i]) / first[i])))
}
