import type { Analysis, Experiment, MonitorSettings } from '../../contracts/experiment.ts'

/** An analysis of the kind with settings that are cheap to start with. */
export function newAnalysis(kind: Analysis['kind'], experiment: Experiment): Analysis {
  const matrix = matrixOf(experiment)
  const memory = 2000
  switch (kind) {
    case 'hessian':
      return { kind, ...matrix, largest: 20, smallest: 0, tolerance: 1e-4, maxProducts: 120, batches: 1, compare: null, memory }
    case 'singularValues':
      return { kind, edge: 'initialiser', reshape: 'thesis' }
    case 'principalComponents':
      return { kind, components: 30 }
    case 'wholeSpectrum':
      return { kind, ...matrix, vectors: true, solver: 'float64', compare: null, memory }
    case 'density':
      return { kind, ...matrix, selection: 'all', probes: 10, steps: 80, compare: null }
    case 'trace':
      return { kind, ...matrix, selection: 'all', method: 'hutchinson', probes: 50 }
    case 'demonstration':
      return { kind, ...matrix, algorithm: 'lanczos', steps: 30, reorthogonalise: true }
    case 'noiseFiltering':
      return { kind, selection: 'all', points: 21 }
  }
}

function matrixOf({ dataset, measurement }: Experiment) {
  const samples = Math.min(2000, dataset.trainSamples)
  return { selection: measurement.selection, matrix: 'hessian', decayTerm: true, samples, part: 'first', batchNorm: 'inference' } as const
}

/** Looks about twice an epoch at the three largest eigenvalues of the whole network. */
export function newMonitor({ dataset, training }: Experiment): MonitorSettings {
  const steps = Math.max(1, Math.round(dataset.trainSamples / training.batchSize / 2))
  return { selection: 'all', every: steps, samples: Math.min(500, dataset.trainSamples), largest: 3, probes: 2, steps: 20 }
}
