import type { Experiment } from '../../contracts/experiment.ts'
import type { Stage } from '../../contracts/session.ts'
import { formatCount, formatSetting } from './number.ts'
import { describeAnalysis, describeSchedule, describeSelection } from './settings.ts'

/** One setting of an experiment, ready to be compared. */
export interface SettingRow {
  readonly stage: Stage
  readonly name: string
  readonly value: string
}

/** A setting that is not what the preset says. */
export interface Difference extends SettingRow {
  readonly preset: string
}

/** Every setting that decides a result, in reading order. */
export function settingRows(experiment: Experiment): readonly SettingRow[] {
  const { dataset, network, training, seeds, measurement, analyses } = experiment
  const row = (stage: Stage, name: string, value: string | number): SettingRow => ({
    stage,
    name,
    value: typeof value === 'number' ? formatSetting(value) : value,
  })
  return [
    row('data', 'data set', dataset.name === 'mnist' ? 'MNIST' : 'own data'),
    row('data', 'training images', formatCount(dataset.trainSamples)),
    row('data', 'test images', formatCount(dataset.testSamples)),
    row('network', 'hidden widths', network.hidden.length === 0 ? 'none' : network.hidden.join(', ')),
    row('network', 'initialiser', network.initialiser === 'glorotUniform' ? 'Glorot uniform' : 'Glorot normal'),
    row('network', 'seed of the initial weights', seeds.initialisation),
    row('training', 'epochs', training.epochs),
    row('training', 'learning rate η', training.learningRate),
    row('training', 'schedule', describeSchedule(training.schedule)),
    row('training', 'momentum β', training.momentum),
    row('training', 'weight decay λ', training.weightDecay),
    row('training', 'batch size', training.batchSize),
    row('training', 'seed of the shuffle', seeds.shuffle),
    row('training', 'changes on the way', training.changes.length),
    row('measurement', 'measured weights', describeSelection(measurement.selection)),
    row('measurement', 'measured epochs', measurement.epochs),
    row('measurement', 'recorded every', measurement.unit),
    row('analyses', 'seed of the start vectors', seeds.probes),
    ...analyses.map((analysis, i) => row('analyses', `analysis ${i + 1}`, describeAnalysis(analysis))),
  ]
}

/** What differs from the preset, in reading order. An analysis that was removed or added counts once. */
export function differences(experiment: Experiment, preset: Experiment): readonly Difference[] {
  const theirs = new Map(settingRows(preset).map((row) => [row.name, row]))
  const ours = settingRows(experiment)
  const changed = ours
    .filter((row) => theirs.get(row.name)?.value !== row.value)
    .map((row) => ({ ...row, preset: theirs.get(row.name)?.value ?? 'none' }))
  const names = new Set(ours.map((row) => row.name))
  const gone = [...theirs.values()]
    .filter((row) => !names.has(row.name))
    .map((row) => ({ ...row, value: 'none', preset: row.value }))
  return [...changed, ...gone]
}
