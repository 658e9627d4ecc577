import type { LabErrorData } from '../contracts/errors.ts'
import { selectionPhrase } from '../contracts/selection.ts'
import type { Stage } from '../contracts/session.ts'
import { STAGES, type LabState } from './lab-state.ts'
import { replicaCount } from './replica-selectors.ts'
import { otherShown, spectrumShown } from './selectors.ts'

const STAGE_NAMES: Readonly<Record<Stage, string>> = {
  data: 'Data',
  network: 'Network',
  training: 'Training',
  measurement: 'Measurement',
  analyses: 'Analyses',
}

/** What runs, how far it is and what came out, in a sentence or two, for people who do not see the page. */
export function statusSentence(state: LabState): string {
  const failed = STAGES.find((stage) => state.stages[stage].state === 'failed')
  if (state.connection === 'failed') return 'The lab has stopped; reload the page.'
  if (state.connection === 'restarting') return 'The lab is starting again; what was computed is kept.'
  if (failed !== undefined) return failure(failed, state.stages[failed].error)
  if (state.busy) return running(state)
  return rest(state)
}

function failure(stage: Stage, error: LabErrorData | null): string {
  return error === null ? `${STAGE_NAMES[stage]} failed.` : `${STAGE_NAMES[stage]} failed: ${error.message.replace(/\.$/, '')}. ${error.remedy}`
}

function running({ progress, stages, training }: LabState): string {
  if (stages.training.state === 'running' && training.update !== null) {
    const { epoch, epochs } = training.update
    return `Training: epoch ${String(Math.floor(epoch))} of ${String(epochs)}${left(progress?.secondsLeft ?? null)}.`
  }
  if (progress === null) return 'Working.'
  const { what, step, of, secondsLeft } = progress
  const percent = of > 0 ? `, ${String(Math.floor((100 * step) / of))} percent` : ''
  return `${what}${percent}${left(secondsLeft)}.`
}

function left(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return ''
  return seconds < 90 ? `, about ${counted(Math.max(1, Math.round(seconds)), 'second')} left` : `, about ${counted(Math.round(seconds / 60), 'minute')} left`
}

function counted(count: number, unit: string): string {
  return `${String(count)} ${count === 1 ? unit : `${unit}s`}`
}

function rest(state: LabState): string {
  const { stages, connection } = state
  if (connection === 'starting') return 'The lab is starting.'
  const paused = STAGES.find((stage) => stages[stage].state === 'paused')
  if (paused === 'training') return `Training is paused${reached(state)}.`
  if (paused !== undefined) return `${STAGE_NAMES[paused]} stopped; what is finished stays.`
  const sentences = [trained(state), analysed(state), furtherSeeds(state)].filter((sentence) => sentence !== null)
  if (sentences.length > 0) return sentences.join(' ')
  return stages.network.state === 'done' ? 'Ready to train.' : 'Nothing has run.'
}

function reached({ training: { update } }: LabState): string {
  return update === null ? '' : ` in epoch ${update.epoch.toFixed(1)} of ${String(update.epochs)}`
}

function trained({ training: { history } }: LabState): string | null {
  const accuracy = history?.testAccuracy.at(-1)
  const epoch = history?.epoch.at(-1)
  if (accuracy === undefined || epoch === undefined || epoch === 0) return null
  return `Trained ${String(epoch)} ${epoch === 1 ? 'epoch' : 'epochs'}; test accuracy ${(100 * accuracy).toFixed(1)} percent.`
}

/** How far the further seeds are while some run; not which epoch, which nobody wants to hear every second. */
function furtherSeeds(state: LabState): string | null {
  const { all, done, running } = replicaCount(state)
  return running === 0 ? null : `${String(done)} of ${counted(all, 'further seed')} done.`
}

function analysed(state: LabState): string | null {
  const found = topEigenpairs(state) ?? wholeSpectrum(state) ?? density(state)
  return found === null || state.stale.size === 0 ? found : `${found} Some results are of earlier settings.`
}

function topEigenpairs(state: LabState): string | null {
  const spectrum = spectrumShown(state)
  if (spectrum === null || spectrum.eigenvalues.length === 0) return null
  const converged = spectrum.converged.filter(Boolean).length
  return (
    `Largest Hessian eigenvalue ${spectrum.eigenvalues[0].toPrecision(3)} of ${selectionPhrase(spectrum.settings.selection)}; ` +
    `${String(converged)} of ${String(spectrum.converged.length)} eigenpairs converged.`
  )
}

function wholeSpectrum(state: LabState): string | null {
  const result = otherShown(state, 'wholeSpectrum')
  if (result === null) return null
  const { eigenvalues, negative, settings } = result
  return `All ${counted(eigenvalues.length, 'eigenvalue')} of ${selectionPhrase(settings.selection)}; the largest ${eigenvalues[0].toPrecision(3)}, ${String(negative)} negative beyond rounding.`
}

function density(state: LabState): string | null {
  const result = otherShown(state, 'density')
  return result === null ? null : `Spectral density of ${selectionPhrase(result.settings.selection)} from ${counted(result.probesDone, 'probe')}.`
}
