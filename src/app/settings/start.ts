import type { Experiment } from '../../contracts/experiment.ts'
import { formatLayer } from '../../contracts/layers.ts'
import { findPreset, presets, type Preset } from '../../contracts/presets.ts'

/** Trained networks that come with the lab and fit the experiment's data and layers, as the presets that start from them. */
export function trainedStarts({ dataset, network }: Experiment): readonly Preset[] {
  if (dataset.classes !== null) return []
  // A trained network has the preset that bears its name; other presets may start from it too.
  return presets.filter(({ id, experiment: theirs }) => theirs.training.start === id && theirs.dataset.name === dataset.name && sameNetwork(theirs.network, network))
}

function sameNetwork(a: Experiment['network'], b: Experiment['network']): boolean {
  return a.activation === b.activation && a.layers.map(formatLayer).join() === b.layers.map(formatLayer).join()
}

/** From the initial weights; with the training of Table 5.1 where the experiment did not train at all. */
export function fromInitialWeights(experiment: Experiment): Experiment {
  const { start, epochs } = experiment.training
  if (start === null) return experiment
  const thesis = findPreset(`${start}-paper`)?.experiment.training
  if (epochs > 0 || thesis === undefined) return { ...experiment, training: { ...experiment.training, start: null } }
  return { ...experiment, training: { ...thesis, changes: [] } }
}

/** From a trained network, measured at the rate that its training ended with. */
export function fromTrained(experiment: Experiment, preset: Preset): Experiment {
  return { ...experiment, training: { ...preset.experiment.training, changes: [] } }
}
