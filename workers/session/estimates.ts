import type { Analysis, Experiment } from '../../src/contracts/experiment.ts'
import type { CostEstimate } from '../../src/contracts/session.ts'
import { snapshotCount } from '../experiments/measurement/record.ts'
import type { Network } from '../networks/network.ts'
import { selectParameters } from '../networks/selection.ts'

/** Floating-point operations per second before anything was measured: a modest laptop core. */
const DEFAULT_RATE = 5e9

/** Work besides steps that every epoch brings: reading loss and accuracy. */
const READING_SHARE = 0.3

/** A multiplication of the forward pass stands for two operations there and four in the backward pass. */
const FLOPS_PER_MULTIPLICATION = 6

/** Operations per second that a measured training step means; null without a measurement. */
export function measuredRate(network: Network, batchSize: number, millisecondsPerStep: number | null): number | null {
  return millisecondsPerStep === null ? null : (1000 * FLOPS_PER_MULTIPLICATION * batchSize * network.multiplications) / millisecondsPerStep
}

/** Seconds of one epoch of training at a rate, by default that of a modest laptop core. */
export function secondsPerEpoch(network: Network, samples: number, rate: number | null): number {
  return (FLOPS_PER_MULTIPLICATION * samples * network.multiplications) / (rate ?? DEFAULT_RATE)
}

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
  const rate = measuredRate(network, batchSize, context.millisecondsPerStep) ?? DEFAULT_RATE
  const stepsPerEpoch = Math.ceil(context.trainSamples / batchSize)
  const epochSeconds = secondsPerEpoch(network, context.trainSamples, rate)
  const epochs = Math.max(0, experiment.training.epochs - context.epochsDone)
  const snapshots = snapshotCount(experiment.measurement, stepsPerEpoch)
  const measured = experiment.analyses.some(({ kind }) => kind === 'principalComponents')
  const recorded = measured ? selectParameters(network, experiment.measurement.selection).size : 0
  const analyses = experiment.analyses.map((analysis) => analysisCost(analysis, experiment, context, rate))
  return [
    { stage: 'training', seconds: epochs * epochSeconds * (1 + READING_SHARE), bytes: (epochs + 1) * 8 * network.parameterCount, products: 0 },
    {
      stage: 'measurement',
      seconds: measured ? experiment.measurement.epochs * epochSeconds * 1.1 : 0,
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
      const seconds = ((products + 1) * FLOPS_PER_MULTIPLICATION * samples * network.multiplications) / rate
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
