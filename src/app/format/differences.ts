import type { Experiment } from '../../contracts/experiment.ts'
import { formatLayer } from '../../contracts/layers.ts'
import type { Stage } from '../../contracts/session.ts'
import { describeSelection } from '../../contracts/selection.ts'
import { describeFully } from './analysis-words.ts'
import { describeMonitor } from './curvature-words.ts'
import { ACTIVATION_TITLES, DATASET_TITLES, INITIALISER_TITLES, OPTIMISER_TITLES } from './names.ts'
import { formatCount, formatSetting } from './number.ts'
import { describeAugmentation, describeClasses, describeSchedule, formatPercent } from './settings.ts'

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
  const { dataset, network, training, seeds, measurement, analyses, monitor, statistics } = experiment
  const row = (stage: Stage, name: string, value: string | number): SettingRow => ({
    stage,
    name,
    value: typeof value === 'number' ? formatSetting(value) : value,
  })
  return [
    row('data', 'data set', DATASET_TITLES[dataset.name]),
    row('data', 'training samples', formatCount(dataset.trainSamples)),
    row('data', 'test samples', formatCount(dataset.testSamples)),
    row('data', 'classes', describeClasses(dataset)),
    row('data', 'label noise', formatPercent(dataset.labelNoise)),
    row('data', 'seed of the data', dataset.seed),
    row('network', 'hidden layers', network.layers.length === 0 ? 'none' : network.layers.map(formatLayer).join(', ')),
    row('network', 'activation', ACTIVATION_TITLES[network.activation]),
    row('network', 'initialiser', INITIALISER_TITLES[network.initialiser]),
    row('network', 'seed of the initial weights', seeds.initialisation),
    row('training', 'starts from', training.start === null ? 'initial weights' : `trained ${training.start}`),
    row('training', 'epochs', training.epochs),
    row('training', 'optimiser', OPTIMISER_TITLES[training.optimiser]),
    row('training', 'learning rate η', training.learningRate),
    row('training', 'schedule', describeSchedule(training.schedule)),
    row('training', 'warm-up epochs', training.warmup),
    row('training', 'momentum β', training.momentum),
    row('training', 'second moment β₂', training.secondMomentum),
    row('training', 'ε', training.epsilon),
    row('training', 'gradient length', training.clipNorm === null ? 'unlimited' : `at most ${formatSetting(training.clipNorm)}`),
    row('training', 'weight decay λ', training.weightDecay),
    row('training', 'decayed kernels', training.decayed === 'kernels' ? 'all' : 'of dense layers'),
    row('training', 'batch size', training.batchSize),
    row('training', 'augmentation', describeAugmentation(training.augmentation)),
    row('training', 'seed of the shuffle', seeds.shuffle),
    row('training', 'seeds side by side', seeds.repeats),
    row('training', 'changes on the way', training.changes.length),
    row('measurement', 'measured weights', describeSelection(measurement.selection)),
    row('measurement', 'measured epochs', measurement.epochs),
    row('measurement', 'recorded every', measurement.unit),
    row('training', 'curvature in training', describeMonitor(monitor)),
    row('analyses', 'seed of the start vectors', seeds.probes),
    row('analyses', 'unfolding window', statistics.unfoldingWindow),
    row('analyses', 'averaging window', statistics.averagingWindow),
    row('analyses', 'random vectors compared with', statistics.nullVectors),
    row('analyses', 'weights of', statistics.weightsEpoch === null ? 'the same checkpoint' : `epoch ${statistics.weightsEpoch} as well`),
    ...analyses.map((analysis, i) => row('analyses', `analysis ${i + 1}`, describeFully(analysis))),
  ]
}

/** Long values, of an analysis say, without the parts that both have. */
function withoutCommonParts(difference: Difference): Difference {
  const parts = (text: string): readonly string[] => text.split(/[;,] /)
  const [ours, theirs] = [parts(difference.value), parts(difference.preset)]
  const [own, other] = [ours.filter((part) => !theirs.includes(part)), theirs.filter((part) => !ours.includes(part))]
  if (ours.length < 3 || own.length === 0 || other.length === 0) return difference
  return { ...difference, value: own.join(', '), preset: other.join(', ') }
}

/** What differs from the preset, in reading order. An analysis that was removed or added counts once. */
export function differences(experiment: Experiment, preset: Experiment): readonly Difference[] {
  const theirs = new Map(settingRows(preset).map((row) => [row.name, row]))
  const ours = settingRows(experiment)
  const changed = ours
    .filter((row) => theirs.get(row.name)?.value !== row.value)
    .map((row) => withoutCommonParts({ ...row, preset: theirs.get(row.name)?.value ?? 'none' }))
  const names = new Set(ours.map((row) => row.name))
  const gone = [...theirs.values()]
    .filter((row) => !names.has(row.name))
    .map((row) => ({ ...row, value: 'none', preset: row.value }))
  return [...changed, ...gone]
}
