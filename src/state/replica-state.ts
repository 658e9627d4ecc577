import type { Experiment } from '../contracts/experiment.ts'
import type { EpochHistory } from '../contracts/results.ts'
import type { EngineChoice, LabEvent, StageStatus } from '../contracts/session.ts'
import { NO_RESULTS, type LabResults, type ResultKey } from './lab-results.ts'

/** What decides the numbers of a further seed. */
export interface ReplicaSettings {
  readonly experiment: Experiment
  readonly engine: EngineChoice
  /** Null before the data are known. */
  readonly datasetHash: string | null
}

/** One further seed of the experiment. */
export interface ReplicaState {
  /** By how much every seed is raised; 1 for the first further one. */
  readonly offset: number
  /** `idle` when it has not begun or waits for its turn; `stale` when it is done with other settings. */
  readonly status: StageStatus
  /** "epoch 4 of 10"; null while it rests. */
  readonly doing: string | null
  readonly history: EpochHistory | null
  /** The history is of other settings. */
  readonly staleHistory: boolean
  readonly results: LabResults
  /** Results of other settings. */
  readonly stale: ReadonlySet<ResultKey>
  readonly madeWith: MadeWith
}

/** Texts of the settings that something was computed with; they differ when the settings do. */
interface MadeWith {
  readonly run: string | null
  readonly numbers: string | null
  readonly history: string | null
  readonly results: Readonly<Record<ResultKey, string>>
}

/** What is told of a further seed, with the settings that it belongs to. */
export interface ReplicaNews {
  readonly offset: number
  readonly settings: ReplicaSettings
  readonly told: LabEvent | { readonly type: 'status'; readonly status: StageStatus }
}

export const IDLE: StageStatus = { state: 'idle', seconds: null, restored: false, error: null }

const NEVER: MadeWith = { run: null, numbers: null, history: null, results: {} }

/** The further seeds of an experiment before any has begun. */
export function idleReplicas({ seeds }: Experiment): readonly ReplicaState[] {
  return Array.from({ length: seeds.repeats - 1 }, (_, i) => idleReplica(i + 1))
}

export function idleReplica(offset: number): ReplicaState {
  return { offset, status: IDLE, doing: null, history: null, staleHistory: false, results: NO_RESULTS, stale: new Set(), madeWith: NEVER }
}
