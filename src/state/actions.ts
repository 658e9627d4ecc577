import type { Experiment, PanelId, View } from '../contracts/experiment.ts'
import type { AnalysisKind, OverlapKind } from '../contracts/results.ts'
import type { EngineChoice, Notice } from '../contracts/session.ts'
import type { Connection } from '../contracts/wire.ts'
import type { DecodedLink } from '../permalink/link.ts'
import { withMatch } from './fingerprint-match.ts'
import type { LabResults, OtherResult } from './lab-results.ts'
import { initialState, type LabState, type Theme } from './lab-state.ts'
import { withNotice, withoutNotice } from './notices.ts'
import * as panels from './panels.ts'
import * as replicas from './replicas.ts'
import type { ReplicaNews } from './replica-state.ts'
import { allResults, resultKey } from './result-key.ts'

/** Another experiment: what was computed for the last one goes; engine, downloads, theme and notices stay. */
export function openExperiment(state: LabState, experiment: Experiment): LabState {
  const { connection, engineChoice, engine, downloads, notices, noticeCount, theme, presenting } = state
  return { ...initialState(experiment), connection, engineChoice, engine, downloads, notices, noticeCount, theme, presenting }
}

/** Opens what a link says, with its notices and the sender's fingerprint. */
export function openLink(state: LabState, link: DecodedLink): LabState {
  const { experiment, fingerprint, datasetHash } = link
  const opened = { ...openExperiment(state, experiment), engineChoice: link.engine }
  const sender = fingerprint === null ? null : { fingerprint, experiment, datasetHash }
  const told = link.notices.reduce((s, notice) => withNotice(s, notice, 'link'), opened)
  return withMatch({ ...told, sender })
}

/** A changed setting. Results stay until the session says that they are stale; those of a removed analysis go. */
export function setExperiment(state: LabState, experiment: Experiment): LabState {
  const results = prune(state.results, experiment)
  const keys = new Set(allResults(results).map(resultKey))
  const stale = new Set([...state.stale].filter((key) => keys.has(key)))
  return replicas.withReplicas(withMatch({ ...state, experiment, results, stale }))
}

function prune(results: LabResults, { analyses, monitor }: Experiment): LabResults {
  const wanted = (kind: AnalysisKind) => analyses.some((analysis) => analysis.kind === kind)
  const overlaps = Object.entries(results.overlaps).filter(([, { overlap }]) => OVERLAP_OF[overlap].every(wanted))
  const spectra = Object.entries(results.spectra).filter(([index]) => analyses[Number(index)]?.kind === 'hessian')
  const others = Object.entries(results.others).filter(([, result]) => isWanted(result, analyses, monitor !== null))
  return {
    ...results,
    spectra: Object.fromEntries(spectra),
    overlaps: Object.fromEntries(overlaps),
    others: Object.fromEntries(others),
    singularValues: wanted('singularValues') ? results.singularValues : null,
    principalComponents: wanted('principalComponents') ? results.principalComponents : null,
  }
}

/** Whether the analysis that a result comes from is still in the list. */
function isWanted(result: OtherResult, analyses: Experiment['analyses'], isMonitored: boolean): boolean {
  const kindAt = (index: number): AnalysisKind | undefined => analyses[index]?.kind
  switch (result.kind) {
    case 'curvature':
      return isMonitored
    case 'spacings':
      return result.source.kind === 'wholeSpectrum' ? kindAt(result.source.analysis) === 'wholeSpectrum' : analyses.some(({ kind }) => kind === 'singularValues')
    case 'eigenvectors':
      return kindAt(result.source.analysis) === (result.source.kind === 'spectrum' ? 'hessian' : 'wholeSpectrum')
    case 'check':
      return kindAt(result.analysis) !== undefined
    default:
      return kindAt(result.analysis) === result.kind
  }
}

/** Analyses whose vectors an overlap is made of; singular matrices are there anyway. */
const OVERLAP_OF: Readonly<Record<OverlapKind, readonly AnalysisKind[]>> = {
  singularHessian: ['hessian'],
  singularPca: ['principalComponents'],
  hessianWeights: ['hessian', 'principalComponents'],
  hessianVelocities: ['hessian', 'principalComponents'],
  layerNetwork: ['hessian'],
  hessianTime: ['hessian'],
}

/** Changes what the page shows, never a number. */
export function setView(state: LabState, view: Partial<View>): LabState {
  return replicas.withReplicas({ ...state, experiment: { ...state.experiment, view: { ...state.experiment.view, ...view } } })
}

export function movePanel(state: LabState, id: PanelId, to: number): LabState {
  return setView(state, panels.movePanel(state.experiment.view, id, to))
}

export function resizePanel(state: LabState, id: PanelId, span: number): LabState {
  return setView(state, panels.resizePanel(state.experiment.view, id, span))
}

export function addPanel(state: LabState, id: PanelId): LabState {
  return setView(state, panels.addPanel(state.experiment.view, id))
}

export function closePanel(state: LabState, id: PanelId): LabState {
  return setView(state, panels.closePanel(state.experiment.view, id))
}

export function focusPanel(state: LabState, focus: PanelId | null): LabState {
  return setView(state, { focus })
}

export function setEngineChoice(state: LabState, engineChoice: EngineChoice): LabState {
  return { ...state, engineChoice }
}

export function setConnection(state: LabState, connection: Connection): LabState {
  const running = connection === 'ready' && state.connection === 'ready' ? state.busy : false
  return { ...state, connection, busy: running, progress: running ? state.progress : null }
}

export function setTheme(state: LabState, theme: Theme): LabState {
  return { ...state, theme }
}

export function setPresenting(state: LabState, presenting: boolean): LabState {
  return { ...state, presenting }
}

export function addNotice(state: LabState, notice: Notice): LabState {
  return withNotice(state, notice)
}

/** Takes in what is told of the further seeds. */
export function receiveReplicas(state: LabState, news: readonly ReplicaNews[]): LabState {
  return replicas.receiveReplicas(state, news)
}

/** Nothing is left of the further seeds. */
export function clearReplicas(state: LabState): LabState {
  return replicas.clearReplicas(state)
}

export function dismissNotice(state: LabState, id: number): LabState {
  return withoutNotice(state, id)
}
