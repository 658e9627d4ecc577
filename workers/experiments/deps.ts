import type { Engine } from '../engine/engine.ts'
import type { Network } from '../networks/network.ts'
import type { ResidentData } from '../networks/resident-data.ts'

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

/** How far a job is. */
export interface StepProgress {
  readonly what: string
  readonly step: number
  readonly of: number
}

/** Milliseconds between two progress reports. */
const REPORT_INTERVAL = 80

/** Calls through at most every 80 ms. */
export function throttled<T>(now: () => number, report: (value: T) => void): (value: T) => void {
  let last = -Infinity
  return (value) => {
    if (now() - last < REPORT_INTERVAL) return
    last = now()
    report(value)
  }
}
