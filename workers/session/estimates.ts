import { needsMeasurement, type Experiment } from '../../src/contracts/experiment.ts'
import type { CostEstimate } from '../../src/contracts/session.ts'
import { snapshotCount } from '../experiments/measurement/record.ts'
import type { Network } from '../networks/network.ts'
import { selectParameters } from '../networks/selection.ts'
import { analysisCost } from './analysis-costs.ts'
import { FLOPS_PER_MULTIPLICATION } from './flops.ts'

/** Floating-point operations per second before anything was measured: a modest laptop core. */
const DEFAULT_RATE = 5e9

/** Work besides steps that every epoch brings: reading loss and accuracy. */
const READING_SHARE = 0.3

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
  const measured = needsMeasurement(experiment)
  const recorded = measured ? selectParameters(network, experiment.measurement.selection).size : 0
  const analyses = experiment.analyses.map((analysis) => analysisCost(analysis, experiment, context, rate))
  return [
    { stage: 'training', seconds: epochs * epochSeconds * (1 + READING_SHARE) + monitorSeconds(experiment, context, rate, epochs * stepsPerEpoch), bytes: (epochs + 1) * 8 * network.parameterCount, products: 0 },
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
      parts: analyses,
    },
  ]
}

/** Products that following one eigenvalue takes per look, once it is found. */
const PRODUCTS_PER_VALUE = 3

/** What following the curvature adds to so many steps of training. */
function monitorSeconds({ monitor }: Experiment, { network, trainSamples }: CostContext, rate: number, steps: number): number {
  if (monitor === null) return 0
  const products = 1 + PRODUCTS_PER_VALUE * monitor.largest + monitor.probes * monitor.steps
  const samples = Math.min(monitor.samples, trainSamples)
  return (Math.ceil(steps / monitor.every) * products * FLOPS_PER_MULTIPLICATION * samples * network.multiplications) / rate
}
