import type { Analysis, Experiment, MonitorSettings, NetworkSettings } from '../../contracts/experiment.ts'
import { newAnalysis } from './new-analysis.ts'
import { selectionExists, tensorNames } from './parameters.ts'
import { fromInitialWeights, trainedStarts } from './start.ts'

/** One change of an experiment. */
export type Edit = (experiment: Experiment) => Experiment

type Part = 'dataset' | 'network' | 'training' | 'seeds' | 'measurement' | 'statistics'

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
      analyses: experiment.analyses.map((a) => ('selection' in a ? { ...a, selection: valid(a.selection) } : a)),
      monitor: experiment.monitor && { ...experiment.monitor, selection: valid(experiment.monitor.selection) },
    }
    const fits = trainedStarts(built).some((preset) => preset.experiment.training.start === built.training.start)
    return fits ? built : fromInitialWeights(built)
  }
}

/** Follows the curvature in training, with settings that are cheap to start with; null for not. */
export function editMonitor(monitor: MonitorSettings | null): Edit {
  return (experiment) => ({ ...experiment, monitor })
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
