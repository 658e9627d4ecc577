import type { Analysis, Experiment, HessianAnalysis, NetworkSettings } from '../../contracts/experiment.ts'
import { selectionExists, tensorNames } from './parameters.ts'
import { fromInitialWeights, trainedStarts } from './start.ts'

/** One change of an experiment. */
export type Edit = (experiment: Experiment) => Experiment

type Part = 'dataset' | 'network' | 'training' | 'seeds' | 'measurement'

/** Replaces fields of one part of the settings. */
export function editPart<P extends Part>(part: P, fields: Partial<Experiment[P]>): Edit {
  return (experiment) => ({ ...experiment, [part]: { ...experiment[part], ...fields } })
}

/**
 * Another network. Selections that no longer exist fall back to the whole network, and a trained network that does not
 * fit any more is no start.
 * @param channels of the input images
 */
export function editNetwork(network: NetworkSettings, channels: number): Edit {
  return (experiment) => {
    const names = tensorNames(network.layers, channels)
    const valid = (selection: string): string => (selectionExists(selection, names) ? selection : 'all')
    const built = {
      ...experiment,
      network,
      measurement: { ...experiment.measurement, selection: valid(experiment.measurement.selection) },
      analyses: experiment.analyses.map((a) => (a.kind === 'hessian' ? { ...a, selection: valid(a.selection) } : a)),
    }
    const fits = trainedStarts(built).some((preset) => preset.experiment.training.start === built.training.start)
    return fits ? built : fromInitialWeights(built)
  }
}

export function editAnalysis(index: number, analysis: Analysis): Edit {
  return (experiment) => ({ ...experiment, analyses: experiment.analyses.map((old, i) => (i === index ? analysis : old)) })
}

export function removeAnalysis(index: number): Edit {
  return (experiment) => ({ ...experiment, analyses: experiment.analyses.filter((_, i) => i !== index) })
}

/** Adds an analysis of the kind with settings that are cheap to start with. */
export function addAnalysis(kind: Analysis['kind']): Edit {
  return (experiment) => ({ ...experiment, analyses: [...experiment.analyses, newAnalysis(kind, experiment)] })
}

function newAnalysis(kind: Analysis['kind'], experiment: Experiment): Analysis {
  switch (kind) {
    case 'hessian':
      return newHessian(experiment)
    case 'singularValues':
      return { kind, edge: 'initialiser' }
    case 'principalComponents':
      return { kind, components: 30 }
  }
}

function newHessian({ dataset, measurement }: Experiment): HessianAnalysis {
  return {
    kind: 'hessian',
    selection: measurement.selection,
    samples: Math.min(2000, dataset.trainSamples),
    largest: 20,
    smallest: 0,
    tolerance: 1e-4,
    maxProducts: 120,
    batchNorm: 'inference',
  }
}
