import type { Experiment } from '../contracts/experiment.ts'
import type { LabResult, SpectrumProgress, TrainingUpdate } from '../contracts/results.ts'
import type { LabEvent, Stage, StageStatus } from '../contracts/session.ts'
import { historyUntil } from './epoch-history.ts'
import { withMatch } from './fingerprint-match.ts'
import { NO_TRAINING, type LabState, type TrainingState } from './lab-state.ts'
import { appendLosses, lossesUntil } from './loss-series.ts'
import { withNotice } from './notices.ts'
import { withoutOvertakenHistories, withoutOvertakenResults, withReplicas } from './replicas.ts'
import { allResults, resultKey, withResult } from './result-key.ts'

/** The state after an event of the session. Pure; the same state comes back when nothing changed. */
export function applyEvent(state: LabState, event: LabEvent): LabState {
  switch (event.type) {
    case 'engine':
      return withReplicas(withMatch({ ...state, engine: event.engine }))
    case 'data':
      return withReplicas(withMatch({ ...state, data: event.data }))
    case 'network':
      return { ...state, network: event.network }
    case 'stage':
      return applyStage(state, event.stage, event.status)
    case 'progress':
      return { ...state, progress: event.progress, busy: true }
    case 'estimates':
      return { ...state, estimates: event.estimates }
    case 'training':
      return applyTraining(state, event.update)
    case 'checkpoints':
      return { ...state, checkpoints: event.epochs }
    case 'experiment':
      return withReplicas(withMatch({ ...state, experiment: takeOver(state.experiment, event.experiment) }))
    case 'spectrumProgress':
      return { ...state, spectrumProgress: { ...state.spectrumProgress, [event.spectrum.analysis]: event.spectrum } }
    case 'result':
      return applyResult(state, event.result)
    case 'stale':
      return applyStale(state, event.results)
    case 'download':
      return { ...state, downloads: { ...state.downloads, [event.download.name]: event.download } }
    case 'notice':
      return withNotice(state, event.notice)
    case 'idle':
      return { ...state, busy: false, progress: null, spectrumProgress: {} }
    default:
      return event satisfies never
  }
}

/** The state after several events in order. */
export function applyEvents(state: LabState, events: readonly LabEvent[]): LabState {
  return events.reduce(applyEvent, state)
}

/** An idle training has not begun: nothing is left of an earlier run. */
function applyStage(state: LabState, stage: Stage, status: StageStatus): LabState {
  const next = { ...state, stages: { ...state.stages, [stage]: status }, busy: state.busy || status.state === 'running' }
  return stage === 'training' && status.state === 'idle' ? withMatch({ ...next, training: NO_TRAINING }) : next
}

function applyTraining(state: LabState, update: TrainingUpdate): LabState {
  const next = withMatch({ ...state, training: applyUpdate(state.training, update) })
  return update.history === null ? next : withoutOvertakenHistories(next)
}

function applyUpdate(training: TrainingState, update: TrainingUpdate): TrainingState {
  const { history, batches } = update
  const losses = batches === null ? training.losses : appendLosses(training.losses, batches)
  return { update, history: historyUntil(history ?? training.history, update.step), losses: lossesUntil(losses, update.step) }
}

/** The session decides about its data set and about what can be changed while training runs; the rest is the user's. */
function takeOver(own: Experiment, told: Experiment): Experiment {
  const { learningRate, weightDecay, batchSize, changes } = told.training
  return { ...own, dataset: told.dataset, training: { ...own.training, learningRate, weightDecay, batchSize, changes } }
}

function applyResult(state: LabState, result: LabResult): LabState {
  const stale = new Set(state.stale)
  stale.delete(resultKey(result))
  const progress = result.kind === 'spectrum' ? without(state.spectrumProgress, result.analysis) : state.spectrumProgress
  const next = { ...state, results: withResult(state.results, result), stale, spectrumProgress: progress }
  return withoutOvertakenResults(next, resultKey(result))
}

function without(progress: LabState['spectrumProgress'], analysis: number): Record<number, SpectrumProgress> {
  return Object.fromEntries(Object.entries(progress).filter(([key]) => Number(key) !== analysis))
}

function applyStale(state: LabState, kinds: readonly LabResult['kind'][]): LabState {
  const marked = allResults(state.results).filter((result) => kinds.includes(result.kind))
  return { ...state, stale: new Set([...state.stale, ...marked.map(resultKey)]) }
}
