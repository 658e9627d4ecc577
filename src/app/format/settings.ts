import type { Experiment, Schedule, TrainingSettings } from '../../contracts/experiment.ts'
import { describeSelection } from '../../contracts/selection.ts'
import { className, DATASET_TITLES, OPTIMISER_TITLES } from './names.ts'
import { formatCount, formatSetting, formatShare } from './number.ts'
import { plural } from './quantity.ts'

/** "constant", "× 0.99 per epoch", "0.0001 from epoch 80, 0.00001 from 120", "cosine down to 1 %". */
export function describeSchedule(schedule: Schedule): string {
  switch (schedule.kind) {
    case 'constant':
      return 'constant'
    case 'exponential':
      return `× ${formatSetting(schedule.decay)} per epoch`
    case 'piecewise':
      return schedule.steps.map(({ epoch, learningRate }) => `${formatSetting(learningRate)} from epoch ${epoch}`).join(', ')
    case 'cosine':
      return `cosine down to ${formatShare(schedule.floor, 1)}`
  }
}

/** "MNIST, 10,000 + 10,000 samples, 5 classes, 10 % label noise" */
export function describeDataset({ dataset }: Pick<Experiment, 'dataset'>): string {
  const { name, trainSamples, testSamples, classes, labelNoise } = dataset
  const parts = [
    DATASET_TITLES[name],
    `${formatCount(trainSamples)} + ${formatCount(testSamples)} samples`,
    classes === null ? null : `${classes.length} classes`,
    labelNoise === 0 ? null : `${formatPercent(labelNoise)} label noise`,
  ]
  return parts.filter((part) => part !== null).join(', ')
}

/** "all" or "cat, dog". */
export function describeClasses({ name, classes }: Experiment['dataset']): string {
  return classes === null ? 'all' : classes.map((label) => className(name, label)).join(', ')
}

/** A share without needless digits: 0.125 → "12.5 %". */
export function formatPercent(share: number): string {
  return `${String(toPercent(share))} %`
}

/** Per cent of a share without the digits of rounding: 0.07 → 7. */
export function toPercent(share: number): number {
  return Number((100 * share).toFixed(6))
}

export function describeTraining({ training }: Pick<Experiment, 'training'>): string {
  if (training.epochs === 0) return training.start === null ? 'no training: the initial weights' : 'no training: the network as it came trained'
  const parts = [
    plural(training.epochs, 'epoch'),
    training.optimiser === 'sgd' ? null : OPTIMISER_TITLES[training.optimiser],
    `η ${formatSetting(training.learningRate)}`,
    `batch ${training.batchSize}`,
    training.weightDecay === 0 ? null : `λ ${formatSetting(training.weightDecay)}`,
  ]
  return parts.filter((part) => part !== null).join(', ')
}

/** "none", "shifted by up to 4 pixels, mirrored". */
export function describeAugmentation({ crop, flip }: TrainingSettings['augmentation']): string {
  const parts = [crop > 0 ? `shifted by up to ${plural(crop, 'pixel')}` : null, flip ? 'mirrored' : null].filter((part) => part !== null)
  return parts.length === 0 ? 'none' : parts.join(', ')
}

export function describeMeasurement({ measurement }: Pick<Experiment, 'measurement'>): string {
  return `${plural(measurement.epochs, 'epoch')}, every ${measurement.unit}, ${describeSelection(measurement.selection)}`
}

export function describeAnalyses({ analyses }: Pick<Experiment, 'analyses'>): string {
  return analyses.length === 0 ? 'none' : plural(analyses.length, 'analysis', 'analyses')
}
