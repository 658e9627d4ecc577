import type { DatasetName, Experiment } from '../contracts/experiment.ts'
import { defaultPreset, findPreset } from '../contracts/presets.ts'
import type {
  DataSummary,
  EpochHistory,
  NetworkSummary,
  SpectrumProgress,
  TrainingUpdate,
} from '../contracts/results.ts'
import type { CostEstimate, DownloadStatus, EngineChoice, EngineStatus, Notice, Progress, Stage, StageStatus } from '../contracts/session.ts'
import type { Connection } from '../contracts/wire.ts'
import type { RunFingerprint } from '../permalink/run-fingerprint.ts'
import { NO_RESULTS, type LabResults, type ResultKey } from './lab-results.ts'
import { EMPTY_LOSSES, type LossSeries } from './loss-series.ts'
import { IDLE, idleReplicas, type ReplicaState } from './replica-state.ts'

export const STAGES: readonly Stage[] = ['data', 'network', 'training', 'measurement', 'analyses']

export type Theme = 'system' | 'light' | 'dark'

export interface TrainingState {
  /** The newest update; null before training. */
  readonly update: TrainingUpdate | null
  /** One entry per finished epoch; null before the first. */
  readonly history: EpochHistory | null
  readonly losses: LossSeries
}

/** A notice with the number that React lists it by; link notices come from decoding the permalink. */
export interface StoredNotice extends Notice {
  readonly id: number
  readonly source: 'lab' | 'link'
}

/**
 * Does this run repeat the sender's? `none`: the link carried no fingerprint. `pending`: not trained so far.
 * `not-comparable`: `reason` says why the two cannot be compared.
 */
export interface Match {
  readonly state: 'none' | 'pending' | 'match' | 'differs' | 'not-comparable'
  readonly reason: string | null
}

/** The sender's run, as the link told it. */
export interface Sender {
  readonly fingerprint: RunFingerprint
  readonly experiment: Experiment
  readonly datasetHash: string | null
}

export interface LabState {
  readonly experiment: Experiment
  readonly connection: Connection
  /** What the user chose; `engine` is what runs. */
  readonly engineChoice: EngineChoice
  readonly engine: EngineStatus | null
  readonly data: DataSummary | null
  readonly network: NetworkSummary | null
  readonly stages: Readonly<Record<Stage, StageStatus>>
  /** True between the start of a job and the session's `idle`. */
  readonly busy: boolean
  readonly progress: Progress | null
  readonly estimates: readonly CostEstimate[]
  readonly training: TrainingState
  /** Epochs whose weights are kept, ascending. */
  readonly checkpoints: readonly number[]
  readonly results: LabResults
  /** Results of earlier settings: shown, marked. */
  readonly stale: ReadonlySet<ResultKey>
  /** Further seeds of the same experiment, in the order of their seeds; empty for one seed. */
  readonly replicas: readonly ReplicaState[]
  /** Ritz values while Lanczos runs, by index of the analysis; gone when the result is there. */
  readonly spectrumProgress: Readonly<Record<number, SpectrumProgress>>
  /** How much of each prepared data set is stored in this browser, by name; what was not asked for is missing. */
  readonly downloads: Readonly<Partial<Record<DatasetName, DownloadStatus>>>
  /** Oldest first, at most {@link MAX_NOTICES}. */
  readonly notices: readonly StoredNotice[]
  /** Notices ever given: the number of the next. */
  readonly noticeCount: number
  readonly sender: Sender | null
  readonly match: Match
  readonly theme: Theme
  readonly presenting: boolean
}

export const MAX_NOTICES = 30

export const NO_MATCH: Match = { state: 'none', reason: null }
export const NO_TRAINING: TrainingState = { update: null, history: null, losses: EMPTY_LOSSES }

/** Nothing has run: the experiment of the default preset, or the one given. */
export function initialState(experiment: Experiment = defaultExperiment()): LabState {
  return {
    experiment,
    connection: 'starting',
    engineChoice: 'auto',
    engine: null,
    data: null,
    network: null,
    stages: { data: IDLE, network: IDLE, training: IDLE, measurement: IDLE, analyses: IDLE },
    busy: false,
    progress: null,
    estimates: [],
    training: NO_TRAINING,
    checkpoints: [],
    results: NO_RESULTS,
    stale: new Set(),
    replicas: idleReplicas(experiment),
    spectrumProgress: {},
    downloads: {},
    notices: [],
    noticeCount: 0,
    sender: null,
    match: NO_MATCH,
    theme: 'system',
    presenting: false,
  }
}

function defaultExperiment(): Experiment {
  const preset = findPreset(defaultPreset)
  if (preset === null) throw new Error(`presets: no preset named ${defaultPreset}`)
  return preset.experiment
}

