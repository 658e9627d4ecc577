import type { Experiment } from '../../contracts/experiment.ts'
import type { Preset } from '../../contracts/presets.ts'
import { DATASET_TITLES } from '../format/names.ts'
import { formatCount } from '../format/number.ts'
import { plural } from '../format/quantity.ts'

/** Presets of one network of Table 5.1. */
export interface PresetGroup {
  readonly id: string
  readonly title: string
  readonly presets: readonly Preset[]
}

/** Names of presets begin with that of their network. */
const NETWORKS = [
  ['mlp50', 'MLP 50'],
  ['mlp256', 'MLP 256'],
  ['lenet', 'LeNet'],
  ['minialexnet', 'miniAlexNet'],
  ['resnet20', 'ResNet 20'],
] as const

/** Presets by network, in the order of Table 5.1; those of no such network come last. */
export function presetGroups(presets: readonly Preset[]): readonly PresetGroup[] {
  const of = (prefix: string): readonly Preset[] => presets.filter(({ id }) => networkOf(id) === prefix)
  const groups = [...NETWORKS.map(([id, name]) => ({ id, title: titled(name, of(id)), presets: of(id) })), { id: 'others', title: 'Others', presets: of('others') }]
  return groups.filter((group) => group.presets.length > 0)
}

/** The group that a preset belongs to. */
export function networkOf(preset: string): string {
  return NETWORKS.find(([id]) => preset === id || preset.startsWith(`${id}-`))?.[0] ?? 'others'
}

function titled(name: string, presets: readonly Preset[]): string {
  const datasets = new Set(presets.map(({ experiment }) => DATASET_TITLES[experiment.dataset.name]))
  return [name, ...datasets].join(' · ')
}

/** What it takes to run a preset: "200 epochs of 60,000 samples, Hessian over 2,000". */
export function presetCost({ training, dataset, analyses }: Experiment): string {
  const trained = training.epochs === 0 ? 'no training' : `${plural(training.epochs, 'epoch')} of ${formatCount(dataset.trainSamples)} samples`
  const hessians = analyses.flatMap((analysis) => ('matrix' in analysis ? [analysis.samples] : []))
  return hessians.length === 0 ? trained : `${trained}, Hessian over ${formatCount(Math.max(...hessians))} samples`
}
