import type { Analysis, Experiment } from '../../src/contracts/experiment.ts'
import type { CostEstimate } from '../../src/contracts/session.ts'
import { snapshotCount } from '../experiments/measurement/record.ts'
import type { Network } from '../networks/network.ts'
import { selectParameters } from '../networks/selection.ts'

/** Floating-point operations per second before anything was measured: a modest laptop core. */
const DEFAULT_RATE = 5e9

/** Work besides steps that every epoch brings: reading loss and accuracy. */
const READING_SHARE = 0.3

export interface CostContext {
  readonly network: Network
  readonly trainSamples: number
  readonly epochsDone: number
  /** Milliseconds of a step, null before anything was measured. */
  readonly millisecondsPerStep: number | null
}

/**
 * What the stages still to run will cost, from the measured speed of a training step. Throws a `LabError` when a
 * selection is not part of the network.
 */
export function estimateCosts(experiment: Experiment, context: CostContext): readonly CostEstimate[] {
  const { network } = context
  const batchSize = Math.min(experiment.training.batchSize, context.trainSamples)
  const flopsPerStep = 6 * batchSize * network.parameterCount
  const rate = context.millisecondsPerStep === null ? DEFAULT_RATE : (flopsPerStep / context.millisecondsPerStep) * 1000
  const stepsPerEpoch = Math.ceil(context.trainSamples / batchSize)
  const secondsPerEpoch = (stepsPerEpoch * flopsPerStep) / rate
  const epochs = Math.max(0, experiment.training.epochs - context.epochsDone)
  const snapshots = snapshotCount(experiment.measurement, stepsPerEpoch)
  const measured = experiment.analyses.some(({ kind }) => kind === 'principalComponents')
  const recorded = measured ? selectParameters(network, experiment.measurement.selection).size : 0
  const analyses = experiment.analyses.map((analysis) => analysisCost(analysis, experiment, context, rate))
  return [
    { stage: 'training', seconds: epochs * secondsPerEpoch * (1 + READING_SHARE), bytes: (epochs + 1) * 8 * network.parameterCount, products: 0 },
    {
      stage: 'measurement',
      seconds: measured ? experiment.measurement.epochs * secondsPerEpoch * 1.1 : 0,
      bytes: snapshots * recorded * 4,
      products: 0,
    },
    {
      stage: 'analyses',
      seconds: analyses.reduce((sum, { seconds }) => sum + seconds, 0),
      bytes: analyses.reduce((sum, { bytes }) => sum + bytes, 0),
      products: analyses.reduce((sum, { products }) => sum + products, 0),
    },
  ]
}

interface AnalysisCost {
  readonly seconds: number
  readonly bytes: number
  readonly products: number
}

function analysisCost(analysis: Analysis, experiment: Experiment, context: CostContext, rate: number): AnalysisCost {
  const { network, trainSamples } = context
  switch (analysis.kind) {
    case 'hessian': {
      const selection = selectParameters(network, analysis.selection)
      const products = Math.min(analysis.maxProducts, selection.size, 20 + 3 * (analysis.largest + analysis.smallest))
      const samples = Math.min(analysis.samples, trainSamples)
      const seconds = ((products + 1) * 6 * samples * reachedParameters(network, selection.parameters[0].position)) / rate
      return { seconds: seconds + (4 * products * products * selection.size) / 1e9, bytes: products * selection.size * 8, products }
    }
    case 'principalComponents': {
      const selection = selectParameters(network, experiment.measurement.selection)
      const snapshots = snapshotCount(experiment.measurement, Math.ceil(trainSamples / experiment.training.batchSize))
      return { seconds: (2 * 3 * analysis.components * 4 * snapshots * selection.size) / 1e9, bytes: 0, products: 0 }
    }
    case 'singularValues':
      return { seconds: network.parameterCount * 5e-6, bytes: network.parameterCount * 16, products: 0 }
  }
}

/** Parameters of the layers that a product passes through: those from the first selected layer on. */
function reachedParameters(network: Network, position: number): number {
  return network.parameters.reduce((sum, parameter) => (parameter.position >= position ? sum + parameter.size : sum), 0)
}
