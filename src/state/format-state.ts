import { overlapKey } from './result-key.ts'
import { STAGES, type LabState } from './lab-state.ts'
import { isStale } from './selectors.ts'

/** The state as aligned lines, so that a difference between two states reads like a table. */
export function formatState(state: LabState): string {
  const rows: [string, string][] = [
    ['experiment', `${state.experiment.preset}, seeds ${seeds(state)}`],
    ['connection', state.busy ? `${state.connection}, busy` : state.connection],
    ['engine', state.engine === null ? `${state.engineChoice} (not chosen)` : state.engine.label],
    ['stages', STAGES.map((stage) => `${stage} ${state.stages[stage].state}`).join(', ')],
    ['progress', state.progress === null ? 'none' : state.progress.what],
    ['training', training(state)],
    ['checkpoints', state.checkpoints.join(' ') || 'none'],
    ['results', results(state)],
    ['match', state.match.reason === null ? state.match.state : `${state.match.state}: ${state.match.reason}`],
    ['notices', state.notices.map(({ level, message }) => `${level}: ${message}`).join(' | ') || 'none'],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`).join('\n')
}

function seeds({ experiment: { seeds: { initialisation, shuffle, probes, repeats } } }: LabState): string {
  return `${[initialisation, shuffle, probes].join('/')}${repeats > 1 ? ` × ${String(repeats)}` : ''}`
}

function training({ training: { update, history, losses } }: LabState): string {
  if (update === null) return 'none'
  const epochs = history?.epoch.length ?? 0
  return `epoch ${update.epoch.toFixed(2)}, ${String(epochs)} in history, ${String(losses.length)} loss points`
}

function results(state: LabState): string {
  const { spectra, singularValues, principalComponents, overlaps } = state.results
  const entries = [
    ...Object.values(spectra).map((result) => ({ result, text: `spectrum ${String(result.analysis)} (${String(result.eigenvalues.length)})` })),
    ...(singularValues === null ? [] : [{ result: singularValues, text: `singular values (${String(singularValues.kernels.length)})` }]),
    ...(principalComponents === null ? [] : [{ result: principalComponents, text: `components (${String(principalComponents.weights.variances.length)})` }]),
    ...Object.values(overlaps).map((result) => ({ result, text: `${overlapKey(result.overlap, result.layer)} (${String(result.rowsDone)}/${String(result.rows)})` })),
  ]
  return entries.map(({ result, text }) => (isStale(state, result) ? `${text} stale` : text)).join(', ') || 'none'
}
