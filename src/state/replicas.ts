import type { LabResult, TrainingUpdate } from '../contracts/results.ts'
import type { StageStatus } from '../contracts/session.ts'
import { historyUntil } from './epoch-history.ts'
import type { ResultKey } from './lab-results.ts'
import type { LabState } from './lab-state.ts'
import { numbersPart, replicaSettings, resultPart, runPart, trainingPart } from './replica-keys.ts'
import { IDLE, idleReplica, idleReplicas, type ReplicaNews, type ReplicaSettings, type ReplicaState } from './replica-state.ts'
import { allResults, resultKey, withoutResult, withResult } from './result-key.ts'

/** The state with as many further seeds as the settings ask for, and what is of other settings marked. */
export function withReplicas(state: LabState): LabState {
  const { replicas, experiment } = state
  const count = experiment.seeds.repeats - 1
  if (count === 0 && replicas.length === 0) return state
  const settings = replicaSettings(state)
  const sized = replicas.length === count ? replicas : Array.from({ length: count }, (_, i) => replicas[i] ?? idleReplica(i + 1))
  const marked = sized.map((replica) => mark(replica, settings))
  return same(marked, replicas) ? state : { ...state, replicas: marked }
}

/** Takes in what is told of further seeds, in order. */
export function receiveReplicas(state: LabState, news: readonly ReplicaNews[]): LabState {
  const now = replicaSettings(state)
  const replicas = state.replicas.map((replica) => {
    const own = news.filter(({ offset }) => offset === replica.offset)
    return own.length === 0 ? replica : mark(own.reduce(hear, replica), now)
  })
  return same(replicas, state.replicas) ? state : { ...state, replicas }
}

/** Back to the initial weights: nothing is left of the further seeds. */
export function clearReplicas(state: LabState): LabState {
  return state.replicas.length === 0 ? state : { ...state, replicas: idleReplicas(state.experiment) }
}

/** The main seed has a new result: what further seeds have of other settings under the same name will never belong to it. */
export function withoutOvertakenResults(state: LabState, key: ResultKey): LabState {
  return withEach(state, (replica) => {
    if (!replica.stale.has(key)) return replica
    const { [key]: _dropped, ...results } = replica.madeWith.results
    return { ...replica, results: withoutResult(replica.results, key), stale: without(replica.stale, key), madeWith: { ...replica.madeWith, results } }
  })
}

/** The same for training histories. */
export function withoutOvertakenHistories(state: LabState): LabState {
  return withEach(state, (replica) =>
    replica.staleHistory ? { ...replica, history: null, staleHistory: false, madeWith: { ...replica.madeWith, history: null } } : replica,
  )
}

function withEach(state: LabState, change: (replica: ReplicaState) => ReplicaState): LabState {
  const replicas = state.replicas.map(change)
  return same(replicas, state.replicas) ? state : { ...state, replicas }
}

function hear(replica: ReplicaState, { told, settings }: ReplicaNews): ReplicaState {
  switch (told.type) {
    case 'status':
      return hearStatus(replica, told.status, settings)
    case 'training':
      return hearTraining(replica, told.update, settings)
    case 'progress':
      return told.progress.stage === 'training' ? replica : { ...replica, doing: told.progress.what }
    case 'stage':
      return told.stage === 'training' && told.status.state === 'idle' ? { ...replica, history: null, madeWith: { ...replica.madeWith, history: null } } : replica
    case 'result':
      return hearResult(replica, told.result, settings)
    case 'stale':
      return hearStale(replica, told.results)
    default:
      return replica
  }
}

function hearStatus(replica: ReplicaState, status: StageStatus, settings: ReplicaSettings): ReplicaState {
  const doing = status.state === 'running' ? replica.doing : null
  return { ...replica, status, doing, madeWith: { ...replica.madeWith, run: runPart(settings), numbers: numbersPart(settings) } }
}

/** Most updates come within an epoch and change nothing. */
function hearTraining(replica: ReplicaState, update: TrainingUpdate, settings: ReplicaSettings): ReplicaState {
  const doing = `epoch ${String(Math.floor(update.epoch))} of ${String(update.epochs)}`
  const history = historyUntil(update.history ?? replica.history, update.step)
  if (doing === replica.doing && history === replica.history) return replica
  const madeWith = update.history === null ? replica.madeWith : { ...replica.madeWith, history: trainingPart(settings) }
  return { ...replica, doing, history, madeWith }
}

function hearResult(replica: ReplicaState, result: LabResult, settings: ReplicaSettings): ReplicaState {
  const results = { ...replica.madeWith.results, [resultKey(result)]: resultPart(settings, result) }
  return { ...replica, results: withResult(replica.results, result), madeWith: { ...replica.madeWith, results } }
}

/** The session says itself that results are of other settings. */
function hearStale(replica: ReplicaState, kinds: readonly LabResult['kind'][]): ReplicaState {
  const gone = allResults(replica.results).filter(({ kind }) => kinds.includes(kind)).map(resultKey)
  const results = Object.fromEntries(Object.entries(replica.madeWith.results).filter(([key]) => !gone.includes(key)))
  return { ...replica, madeWith: { ...replica.madeWith, results } }
}

/** Compares what was computed with the settings as they are now. */
function mark(replica: ReplicaState, now: ReplicaSettings): ReplicaState {
  const { madeWith, history, results } = replica
  const staleHistory = history !== null && madeWith.history !== trainingPart(now)
  const stale = new Set(allResults(results).filter((result) => madeWith.results[resultKey(result)] !== resultPart(now, result)).map(resultKey))
  const status = markStatus(replica, now)
  const sameStale = stale.size === replica.stale.size && [...stale].every((key) => replica.stale.has(key))
  if (sameStale && staleHistory === replica.staleHistory && status === replica.status) return replica
  return { ...replica, staleHistory, stale: sameStale ? replica.stale : stale, status, doing: status.state === 'running' ? replica.doing : null }
}

/** A seed that runs, rests or failed with other numbers is given up; one that is done keeps what it has. */
function markStatus({ status, madeWith }: ReplicaState, now: ReplicaSettings): StageStatus {
  switch (status.state) {
    case 'done':
      return madeWith.run === runPart(now) ? status : { ...status, state: 'stale' }
    case 'stale':
      return madeWith.run === runPart(now) ? { ...status, state: 'done' } : status
    case 'running':
    case 'paused':
    case 'failed':
      return madeWith.numbers === numbersPart(now) ? status : IDLE
    case 'idle':
      return status
  }
}

function without(keys: ReadonlySet<ResultKey>, key: ResultKey): ReadonlySet<ResultKey> {
  return new Set([...keys].filter((other) => other !== key))
}

function same<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i])
}
