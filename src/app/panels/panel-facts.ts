import type { PanelId } from '../../contracts/experiment.ts'
import type { AnalysisKind } from '../../contracts/results.ts'
import type { Progress, Stage } from '../../contracts/session.ts'
import type { LabState } from '../../state/lab-state.ts'
import { formatCount } from '../format/number.ts'
import { resultProvenance } from '../format/provenance.ts'
import { progressQuality, qualityOf, type Quality } from '../format/quality.ts'
import { formatMilliseconds } from '../format/quantity.ts'
import { analysesWords } from '../stages/stage-words.ts'
import { furtherSeedsPart } from './panel-seeds.ts'
import { resultOf, type PanelSource } from './panel-source.ts'

/** How far the numbers in a panel can be trusted; null without numbers. */
export function panelQuality(source: PanelSource): Quality | null {
  if (source.kind === 'spectrum' && source.progress !== null) return progressQuality(source.progress)
  const result = resultOf(source)
  return result === null ? null : qualityOf(result)
}

/** Where the numbers in a panel come from; null without numbers. */
export function panelProvenance(source: PanelSource, state: LabState): string | null {
  const result = resultOf(source)
  const main = source.kind === 'training' ? trainingProvenance(state) : result === null ? null : resultProvenance(result)
  return main === null ? null : main + furtherSeedsPart(source, state)
}

function trainingProvenance({ experiment, engine, training }: Pick<LabState, 'experiment' | 'engine' | 'training'>): string | null {
  const { update } = training
  if (update === null) return null
  const { dataset, seeds } = experiment
  return [
    `${formatCount(dataset.trainSamples)} + ${formatCount(dataset.testSamples)} samples`,
    `epoch ${Number(update.epoch.toFixed(2))}`,
    `seeds ${seeds.initialisation}, ${seeds.shuffle}`,
    ...(engine === null ? [] : [engine.label]),
    `${formatMilliseconds(update.millisecondsPerStep)}/step`,
    ...(update.fingerprint === null ? [] : [`weights ${update.fingerprint}`]),
  ].join(' · ')
}

const STAGE_OF: Readonly<Record<PanelId, Stage>> = {
  training: 'training',
  drift: 'measurement',
  variances: 'measurement',
  spectrum: 'analyses',
  weightProduct: 'analyses',
  singularValues: 'analyses',
  singularHessian: 'analyses',
  singularPca: 'analyses',
  hessianWeights: 'analyses',
  hessianVelocities: 'analyses',
  wholeSpectrum: 'analyses',
  density: 'analyses',
  spacings: 'analyses',
  porterThomas: 'analyses',
  participation: 'analyses',
  concentration: 'analyses',
  trace: 'analyses',
  curvature: 'training',
  demonstration: 'analyses',
  noiseFiltering: 'analyses',
  layerNetwork: 'analyses',
  hessianTime: 'analyses',
}

/** How much of what feeds a panel is done, 0 to 1; null when nothing runs for it. */
export function panelProgress(id: PanelId, source: PanelSource, progress: Progress | null): number | null {
  if (source.kind === 'spectrum' && source.progress !== null) return share(source.progress.products, source.progress.ofProducts)
  const result = resultOf(source)
  if (result?.kind === 'overlap' && result.rowsDone < result.rows) return share(result.rowsDone, result.rows)
  if (progress === null || progress.stage !== STAGE_OF[id] || (id !== 'training' && result !== null)) return null
  return share(progress.step, progress.of)
}

function share(done: number, all: number): number {
  return all > 0 ? Math.min(1, done / all) : 0
}

/** What to do to get a result, while there is none. */
export function howToGet(id: PanelId, { stages, experiment, busy, connection }: Pick<LabState, 'stages' | 'experiment' | 'busy' | 'connection'>): string {
  if (connection === 'starting') return 'The lab is starting.'
  const missing = missingAnalysis(id, experiment)
  if (missing !== null) return `Add ${missing}.`
  if (busy) return 'It comes after what is running now.'
  const untrained = stages.training.state !== 'done'
  if (id === 'training') return 'Press play, or “Train” on the left.'
  return untrained ? 'Press play: training comes first, then this follows.' : `Press play, or “${analysesWords(experiment)}” on the left.`
}

function missingAnalysis(id: PanelId, { analyses, monitor }: LabState['experiment']): string | null {
  if (id === 'curvature') return monitor === null ? '“Follow the curvature” under Training' : null
  const has = (kind: AnalysisKind): boolean => analyses.some((analysis) => analysis.kind === kind)
  const missing = (NEEDS[id] ?? []).find((choices) => !choices.some(has))
  return missing === undefined ? null : `${NAMES[missing[0]]} under Analyses`
}

/** Analyses that a panel draws from: one of each group. */
const NEEDS: Readonly<Partial<Record<PanelId, readonly (readonly AnalysisKind[])[]>>> = {
  spectrum: [['hessian']],
  weightProduct: [['hessian', 'wholeSpectrum']],
  singularHessian: [['hessian', 'wholeSpectrum']],
  hessianWeights: [['hessian', 'wholeSpectrum'], ['principalComponents']],
  hessianVelocities: [['hessian', 'wholeSpectrum'], ['principalComponents']],
  layerNetwork: [['hessian']],
  hessianTime: [['hessian']],
  drift: [['principalComponents']],
  variances: [['principalComponents']],
  singularPca: [['principalComponents']],
  singularValues: [['singularValues']],
  wholeSpectrum: [['wholeSpectrum']],
  density: [['density', 'wholeSpectrum']],
  spacings: [['wholeSpectrum', 'singularValues']],
  porterThomas: [['wholeSpectrum', 'hessian']],
  participation: [['wholeSpectrum', 'hessian']],
  concentration: [['hessian', 'wholeSpectrum']],
  trace: [['trace']],
  demonstration: [['demonstration']],
  noiseFiltering: [['noiseFiltering']],
}

const NAMES: Readonly<Record<AnalysisKind, string>> = {
  hessian: 'a Hessian spectrum',
  principalComponents: 'principal components',
  singularValues: 'singular values',
  wholeSpectrum: 'a whole spectrum',
  density: 'an eigenvalue density',
  trace: 'trace, norm and diagonal',
  demonstration: '“Step by step”',
  noiseFiltering: 'noise filtering',
}
