import type { Analysis, CurvatureSettings, Experiment } from '../../src/contracts/experiment.ts'
import type { AnalysisCost } from '../../src/contracts/session.ts'
import { snapshotCount } from '../experiments/measurement/record.ts'
import { symmetricEigenBytes } from '../linalg/layout.ts'
import type { Network } from '../networks/network.ts'
import { selectParameters } from '../networks/selection.ts'
import { memoryBytes } from '../numerics/lanczos.ts'
import { FLOPS_PER_MULTIPLICATION } from './flops.ts'

export interface AnalysisSubject {
  readonly network: Network
  readonly trainSamples: number
}

/** Operations per second of float64 work on vectors, and of dense decompositions on two modest cores. */
const VECTOR_RATE = 1e9
const DENSE_RATE = 8e9

/** Operations of a full decomposition per n³, without and with vectors. */
const VALUES_ONLY = 4 / 3
const WITH_VECTORS = 6

/** Estimated from the floating-point operations and the speed of a training step. Throws a `LabError` for a selection that is not there. */
export function analysisCost(analysis: Analysis, experiment: Experiment, subject: AnalysisSubject, rate: number): AnalysisCost {
  const { network, trainSamples } = subject
  switch (analysis.kind) {
    case 'hessian': {
      const { size } = selectParameters(network, analysis.selection)
      const pairs = analysis.largest + analysis.smallest
      const once = Math.min(analysis.maxProducts, size, 20 + 3 * pairs)
      const looks = 1 + (analysis.compare === null ? 0 : 1)
      // Each batch has its share of the samples: together they cost as much as one more look.
      const products = once * (looks + (analysis.batches > 1 ? analysis.batches : 0))
      const priced = once * (looks + (analysis.batches > 1 ? 1 : 0))
      const bytes = Math.min(memoryBytes(size, Math.min(analysis.maxProducts, size), pairs), analysis.memory * 1e6)
      return { seconds: productSeconds(analysis, subject, rate) * (priced + 1) + (looks * 4 * once * once * size) / VECTOR_RATE, bytes, products }
    }
    case 'wholeSpectrum': {
      const { size, parameters } = selectParameters(network, analysis.selection)
      const factored = parameters.every(({ kind, position }) => kind === 'dense' && position === parameters[0].position)
      const samples = Math.min(analysis.samples, trainSamples)
      const build = factored ? (samples * size * size) / 2 / DENSE_RATE : size * productSeconds(analysis, subject, rate)
      const solve = ((analysis.vectors ? WITH_VECTORS : VALUES_ONLY) * size ** 3) / DENSE_RATE
      const looks = analysis.compare === null ? 1 : 2
      const compared = (looks - 1) * (build + (VALUES_ONLY * size ** 3) / DENSE_RATE)
      return { seconds: build + solve + compared, bytes: symmetricEigenBytes(size, analysis.vectors), products: factored ? 0 : looks * size }
    }
    case 'density': {
      const { size } = selectParameters(network, analysis.selection)
      const steps = Math.min(analysis.steps, size)
      const products = analysis.probes * steps * (analysis.compare === null ? 1 : 2)
      return { seconds: products * productSeconds(analysis, subject, rate) + (4 * products * steps * size) / VECTOR_RATE, bytes: memoryBytes(size, steps), products }
    }
    case 'trace': {
      const { size } = selectParameters(network, analysis.selection)
      const products = analysis.method === 'hutchinson' ? analysis.probes : 3 * analysis.probes
      const vectors = analysis.method === 'hutchinson' ? 6 : analysis.probes
      return { seconds: products * productSeconds(analysis, subject, rate), bytes: 8 * size * vectors, products }
    }
    case 'demonstration': {
      const { size } = selectParameters(network, analysis.selection)
      return { seconds: analysis.steps * productSeconds(analysis, subject, rate), bytes: memoryBytes(size, analysis.steps), products: analysis.steps }
    }
    case 'noiseFiltering': {
      const { size } = selectParameters(network, analysis.selection)
      const reading = (2 * network.multiplications * (trainSamples + experiment.dataset.testSamples)) / rate
      return { seconds: (analysis.points + 3) * reading + size * 5e-6, bytes: size * 24, products: 0 }
    }
    case 'principalComponents': {
      const { size } = selectParameters(network, experiment.measurement.selection)
      const snapshots = snapshotCount(experiment.measurement, Math.ceil(trainSamples / experiment.training.batchSize))
      return { seconds: (2 * 3 * analysis.components * 4 * snapshots * size) / 1e9, bytes: 2 * 8 * analysis.components * size, products: 0 }
    }
    case 'singularValues':
      return { seconds: network.parameterCount * 2e-5, bytes: network.parameterCount * 24, products: 0 }
  }
}

function productSeconds({ samples }: CurvatureSettings, { network, trainSamples }: AnalysisSubject, rate: number): number {
  return (FLOPS_PER_MULTIPLICATION * Math.min(samples, trainSamples) * network.multiplications) / rate
}
