import type { Engine } from '../engine/engine.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import type { Network } from '../networks/network.ts'
import type { ResidentData } from '../networks/resident-data.ts'
import type { SelectedParameters } from '../networks/selection.ts'
import type { LinearOperator } from '../numerics/linear-operator.ts'
import type { CurvatureOptions } from '../operators/curvature-recording.ts'
import type { HostSamples } from '../operators/samples.ts'

/** How an experiment shares its thread: it calls `breathe` often and looks at the signal afterwards. */
export interface Pacing {
  /** Lets messages (pause, cancel, new settings) arrive. */
  breathe(): Promise<void>
  /** Milliseconds since some fixed moment. */
  now(): number
  readonly signal: AbortSignal
}

/** What every experiment on a network needs. */
export interface ExperimentDeps {
  readonly engine: Engine
  readonly network: Network
  readonly train: ResidentData
  readonly pacing: Pacing
}

/** A matrix of curvature, wherever its products are made. */
export interface MatrixOperator extends LinearOperator {
  /** Forward and backward pass at the present weights: the loss, and its gradient over the selection. */
  linearise(): Promise<{ readonly loss: number; readonly gradient: Float64Array }>
  dispose(): void
}

export type OpenMatrix = (weights: BufferHandle, data: ResidentData, selection: SelectedParameters, options: CurvatureOptions) => Promise<MatrixOperator>

/** What experiments on matrices of curvature need. */
export interface MatrixDeps extends ExperimentDeps {
  /** The training samples on the host. */
  readonly host: HostSamples
  readonly openMatrix: OpenMatrix
}

/** How far a job is. */
export interface StepProgress {
  readonly what: string
  readonly step: number
  readonly of: number
}

/** Milliseconds between two progress reports. */
const REPORT_INTERVAL = 80

/** Calls through at most every 80 ms, and whatever is the last of its kind. */
export function throttled<T>(now: () => number, report: (value: T) => void, isLast: (value: T) => boolean = () => false): (value: T) => void {
  let last = -Infinity
  return (value) => {
    if (now() - last < REPORT_INTERVAL && !isLast(value)) return
    last = now()
    report(value)
  }
}

/** Milliseconds of work between two breaths. */
const BREATH_INTERVAL = 12

/** Thrown by a rest when the signal says stop; whoever started the work turns it into an outcome. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/** What the work gives; null when a rest in it was told to stop. */
export async function unlessInterrupted<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Interrupted) return null
    throw error
  }
}

/** To be called often in the middle of work: breathes when 12 ms have passed. */
export function restful({ now, breathe }: Pick<Pacing, 'now' | 'breathe'>): () => Promise<void> {
  let last = now()
  return async () => {
    if (now() - last < BREATH_INTERVAL) return
    await breathe()
    last = now()
  }
}

/** The same, throwing {@link Interrupted} once the signal says stop. */
export function interruptible(pacing: Pacing): () => Promise<void> {
  const rest = restful(pacing)
  return async () => {
    await rest()
    if (pacing.signal.aborted) throw new Interrupted('stopped on request')
  }
}
