import { LabError } from '../../src/contracts/errors.ts'
import { changeSchema, trainingSchema, type Experiment, type SettingChange } from '../../src/contracts/experiment.ts'
import { changedTraining } from '../training/schedule.ts'

/**
 * The experiment with a setting changed at an optimiser step (null: before the first). Throws a `LabError` for values
 * that no experiment may have and when an experiment can hold no further change.
 */
export function changedDuringRun(experiment: Experiment, step: number | null, change: Omit<SettingChange, 'step'>): Experiment {
  const parsed = changeSchema.safeParse({ ...change, step: step ?? 0 })
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues
    throw new LabError('bad-settings', `${path.join('.')}: ${message}`, 'The setting was left as it was.')
  }
  return checked({ ...experiment, training: changedTraining(experiment.training, step, change) })
}

/** The experiment with more epochs, so that its settings still describe a run that goes beyond the last one. */
export function extended(experiment: Experiment, epochs: number): Experiment {
  return checked({ ...experiment, training: { ...experiment.training, epochs } })
}

function checked(experiment: Experiment): Experiment {
  const parsed = trainingSchema.safeParse(experiment.training)
  if (parsed.success) return experiment
  const [{ path, message }] = parsed.error.issues
  throw new LabError('bad-settings', `training.${path.join('.')}: ${message}`, 'Reset the run, or go on with the settings as they are.')
}
