import type { Experiment, SettingChange, TrainingSettings } from '../../contracts/experiment.ts'
import type { StageState } from '../../contracts/session.ts'

/** Settings that act on a running training instead of making it stale. */
export type MidRunField = 'learningRate' | 'weightDecay' | 'batchSize'

/** Value in force at the end of what was trained: the last recorded change, else the setting. */
export function inForce(training: TrainingSettings, field: MidRunField): number {
  return training.changes.reduce((value, change) => change[field] ?? value, training[field])
}

export interface ChangeMark {
  readonly step: number
  readonly epoch: number
  /** "η 0.05, batch 64" */
  readonly words: string
}

/** Mid-run changes as marks on a time axis. The epoch counts steps of the batch size that was in force. */
export function changeMarks({ training, dataset }: Experiment): readonly ChangeMark[] {
  let batch = training.batchSize
  let epoch = 0
  let step = 0
  return training.changes.map((change) => {
    epoch += (change.step - step) / Math.ceil(dataset.trainSamples / batch)
    step = change.step
    batch = change.batchSize ?? batch
    return { step, epoch, words: describeChange(change) }
  })
}

export function describeChange(change: Omit<SettingChange, 'step'>): string {
  const parts = [
    change.learningRate === undefined ? null : `η ${change.learningRate}`,
    change.weightDecay === undefined ? null : `λ ${change.weightDecay}`,
    change.batchSize === undefined ? null : `batch ${change.batchSize}`,
  ]
  return parts.filter((part) => part !== null).join(', ')
}

/** May a setting be changed without training again? Only between the first step and the last. */
export function takesChanges(training: StageState, steps: number): boolean {
  return training === 'running' || (training === 'paused' && steps > 0)
}
