import type { BatchLosses } from '../contracts/results.ts'

/** Points kept; as many as a wide plot has pixels. */
export const MAX_POINTS = 4000

/**
 * Mini-batch losses of a whole run in bounded memory. Point i is the mean of `counts[i]` losses around step `steps[i]`.
 * When the series is full, neighbours are averaged pairwise and each later point holds twice as many steps.
 * Arrays have `length` entries and are never written to after they were handed out.
 */
export interface LossSeries {
  readonly steps: Float64Array
  readonly losses: Float64Array
  readonly counts: Float64Array
  readonly length: number
  /** Losses per point from now on: a power of two. */
  readonly stride: number
  /** Step that the next batch is expected to have. */
  readonly nextStep: number
}

export const EMPTY_LOSSES: LossSeries = {
  steps: new Float64Array(0),
  losses: new Float64Array(0),
  counts: new Float64Array(0),
  length: 0,
  stride: 1,
  nextStep: 0,
}

/**
 * The series with a batch of losses appended. Points at or after `firstStep` go first, so a reset or a rewind starts
 * over from there. A point that is not finite stays visible as such.
 */
export function appendLosses(series: LossSeries, batch: BatchLosses, maxPoints: number = MAX_POINTS): LossSeries {
  if (batch.losses.length === 0) return series
  const draft = new Draft(series, batch.firstStep, maxPoints)
  batch.losses.forEach((loss, i) => draft.push(batch.firstStep + i, loss))
  return draft.finish()
}

/** The series without losses at or after a step; the same series when there are none. */
export function lossesUntil(series: LossSeries, step: number): LossSeries {
  if (series.nextStep <= step) return series
  return new Draft(series, step, series.length).finish()
}

class Draft {
  private readonly steps: Float64Array
  private readonly losses: Float64Array
  private readonly counts: Float64Array
  private length: number
  private stride: number
  private nextStep: number

  constructor(series: LossSeries, firstStep: number, private readonly maxPoints: number) {
    this.length = firstStep >= series.nextStep ? series.length : pointsBefore(series, firstStep)
    this.stride = this.length === 0 ? 1 : series.stride
    this.nextStep = firstStep
    this.steps = grown(series.steps, this.length, maxPoints)
    this.losses = grown(series.losses, this.length, maxPoints)
    this.counts = grown(series.counts, this.length, maxPoints)
  }

  push(step: number, loss: number): void {
    const last = this.length - 1
    const open = last >= 0 && this.counts[last] < this.stride && this.steps[last] + this.stride > step
    if (open) this.merge(last, step, loss, 1)
    else this.start(step, loss)
    this.nextStep = step + 1
  }

  finish(): LossSeries {
    const { length, stride, nextStep } = this
    const [steps, losses, counts] = [this.steps, this.losses, this.counts].map((a) => a.slice(0, length))
    return { steps, losses, counts, length, stride, nextStep }
  }

  private start(step: number, loss: number): void {
    if (this.length === this.maxPoints) this.halve()
    this.steps[this.length] = step
    this.losses[this.length] = loss
    this.counts[this.length] = 1
    this.length += 1
  }

  private merge(at: number, step: number, loss: number, count: number): void {
    const total = this.counts[at] + count
    this.steps[at] += ((step - this.steps[at]) * count) / total
    this.losses[at] += ((loss - this.losses[at]) * count) / total
    this.counts[at] = total
  }

  private halve(): void {
    const half = Math.ceil(this.length / 2)
    for (let i = 0; i < half; i++) {
      const [from, next] = [2 * i, 2 * i + 1]
      this.steps[i] = this.steps[from]
      this.losses[i] = this.losses[from]
      this.counts[i] = this.counts[from]
      if (next < this.length) this.merge(i, this.steps[next], this.losses[next], this.counts[next])
    }
    this.length = half
    this.stride *= 2
  }
}

/** Points whose steps all lie before `step`: a point's steps reach half its count beyond its mean. */
function pointsBefore(series: LossSeries, step: number): number {
  let length = series.length
  while (length > 0 && series.steps[length - 1] + (series.counts[length - 1] - 1) / 2 >= step) length -= 1
  return length
}

function grown(from: Float64Array, length: number, capacity: number): Float64Array {
  const to = new Float64Array(capacity)
  to.set(from.subarray(0, length))
  return to
}
