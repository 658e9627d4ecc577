import type { Analysis, Experiment, Schedule } from '../../contracts/experiment.ts'
import { formatCount, formatSetting } from './number.ts'
import { plural } from './quantity.ts'

const CLASSES = 10

/** "784-50-50-10": inputs, hidden widths, classes. */
export function describeWidths(hidden: readonly number[], inputs = 784, classes = CLASSES): string {
  return [inputs, ...hidden, classes].join('-')
}

/** "constant" or "× 0.99 per epoch". */
export function describeSchedule(schedule: Schedule): string {
  return schedule.kind === 'constant' ? 'constant' : `× ${formatSetting(schedule.decay)} per epoch`
}

/** "Whole network", "Layer 2 kernel", or several of these joined by "and". */
export function describeSelection(selection: string): string {
  if (selection === 'all') return 'whole network'
  return selection.split('+').map(describeTensor).join(' and ')
}

function describeTensor(tensor: string): string {
  const [layer, part] = tensor.split('.')
  return `layer ${layer} ${part}`
}

/** One line that says what an analysis computes. */
export function describeAnalysis(analysis: Analysis): string {
  switch (analysis.kind) {
    case 'hessian': {
      const ends = analysis.smallest === 0 ? `top ${analysis.largest}` : `top ${analysis.largest}, bottom ${analysis.smallest}`
      return `Hessian, ${describeSelection(analysis.selection)}: ${ends}`
    }
    case 'singularValues':
      return 'Singular values of every kernel'
    case 'principalComponents':
      return `Principal components: ${analysis.components}`
  }
}

export function describeDataset({ dataset }: Experiment): string {
  const name = dataset.name === 'mnist' ? 'MNIST' : 'own data'
  return `${name}, ${formatCount(dataset.trainSamples)} + ${formatCount(dataset.testSamples)} images`
}

export function describeTraining({ training }: Experiment): string {
  const decay = training.weightDecay === 0 ? '' : `, λ ${formatSetting(training.weightDecay)}`
  return `${plural(training.epochs, 'epoch')}, η ${formatSetting(training.learningRate)}, batch ${training.batchSize}${decay}`
}

export function describeMeasurement({ measurement }: Experiment): string {
  return `${plural(measurement.epochs, 'epoch')}, every ${measurement.unit}, ${describeSelection(measurement.selection)}`
}

export function describeAnalyses({ analyses }: Experiment): string {
  return analyses.length === 0 ? 'none' : plural(analyses.length, 'analysis', 'analyses')
}
