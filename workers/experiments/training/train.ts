import { LabError } from '../../../src/contracts/errors.ts'
import type { Burst, Trainer } from '../../training/trainer.ts'
import type { StepSettings } from '../../training/schedule.ts'
import type { Pacing } from '../deps.ts'

/** Milliseconds of work between two looks at the signal: short on the CPU, which shares its thread with messages. */
export interface ChunkTarget {
  readonly milliseconds: number
}

export const CPU_CHUNK: ChunkTarget = { milliseconds: 12 }
export const GPU_CHUNK: ChunkTarget = { milliseconds: 50 }

/** Largest number of steps in one burst: bounds what has to be read back at once. */
const MAX_BURST = 4096

export interface TrainHooks {
  /** After every burst. */
  onBurst(burst: Burst, millisecondsPerStep: number): void
  /** After every epoch, before the next one starts. */
  onEpoch(): Promise<void>
  /** Looks at the network between steps. */
  readonly looks?: Looks | null
}

/** Something that looks at the network at certain steps. */
export interface Looks {
  /** Called at least at every step that a look belongs to, the last one of the target included. */
  at(step: number): Promise<void>
  /** Steps that may be taken before the next look. */
  stepsUntil(step: number): number
}

export interface TrainTarget {
  /** Train until so many epochs are done. */
  readonly epochs: number
  /** Take at most so many steps. */
  readonly steps?: number
}

/**
 * Trains until the target is reached or the signal says stop. Throws `LabError('diverged')` when a batch loss is not
 * finite; the caller holds the last good checkpoint.
 */
export async function train(trainer: Trainer, target: TrainTarget, hooks: TrainHooks, pacing: Pacing, chunk: ChunkTarget): Promise<void> {
  let perBurst = 1
  let left = target.steps ?? Infinity
  const { looks = null } = hooks
  while (trainer.position.epoch < target.epochs && left > 0 && !pacing.signal.aborted) {
    const { step } = trainer.position
    await looks?.at(step)
    if (pacing.signal.aborted) return
    const start = pacing.now()
    const burst = await trainer.advance(Math.min(perBurst, left, looks?.stepsUntil(step) ?? Infinity))
    const elapsed = Math.max(pacing.now() - start, 0.01)
    refuseDivergence(burst)
    left -= burst.steps
    hooks.onBurst(burst, elapsed / burst.steps)
    perBurst = Math.round(Math.min(MAX_BURST, 2 * perBurst, Math.max(1, (chunk.milliseconds / elapsed) * burst.steps)))
    if (trainer.position.cursor === 0) await hooks.onEpoch()
    await pacing.breathe()
  }
  if (!pacing.signal.aborted) await looks?.at(trainer.position.step)
}

/**
 * Mean cross entropy of a batch above which the weights have blown up: the logits then differ by a thousand and more.
 * What follows is NaN, or ReLU units that are dead for ever and a loss that looks harmless again.
 */
const BLOWN_UP = 1000

/** Throws when a loss of the burst has blown up or is not a number any more. */
export function refuseDivergence(burst: Burst): void {
  const bad = burst.losses.findIndex((loss) => !(loss <= BLOWN_UP))
  if (bad >= 0) throw diverged(burst.firstStep + bad + 1, burst.losses[bad], burst.settings, 'the loss')
}

/** The error of a training whose `quantity` has blown up or is not finite at a step, counted from 1. */
export function diverged(step: number, value: number, { learningRate, batchSize }: StepSettings, quantity: 'the loss' | 'a weight'): LabError {
  return new LabError(
    'diverged',
    `Training diverged: ${quantity} of step ${step} is ${value} at learning rate ${learningRate}, batch size ${batchSize}. Steps grow when the learning rate exceeds 2/λ₁, λ₁ being the largest Hessian eigenvalue.`,
    'The last good checkpoint is kept: go on from there with a smaller learning rate, or reset.',
  )
}
