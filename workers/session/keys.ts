import type { Analysis, Experiment, SingularValuesAnalysis } from '../../src/contracts/experiment.ts'
import { sha256Hex } from '../data/sha256.ts'

/** What decides the numbers of a run besides its settings. */
export interface RunContext {
  readonly datasetHash: string
  readonly numericalVersion: string
  /** Hash of imported initial weights; null for the initialiser. */
  readonly importedWeights: string | null
  /** Key of the run on a lost device that this one goes on from; null when it began at the beginning. */
  readonly continues: string | null
}

/** Version of what is stored; a new one makes old entries unreachable. */
const LAYOUT = 1

/**
 * Key of everything that decides the trajectory of the weights. The number of epochs does not, since a longer run goes
 * on; but a cosine reaches its floor at the last of them.
 */
export function trainingKey(experiment: Experiment, context: RunContext): string {
  const { epochs, ...rest } = experiment.training
  const training = rest.schedule.kind === 'cosine' ? { ...rest, epochs } : rest
  const { initialisation, shuffle } = experiment.seeds
  return key('training', { ...context, dataset: experiment.dataset, network: experiment.network, training, initialisation, shuffle })
}

/** Key of one checkpoint of a run. */
export function checkpointKey(training: string, epoch: number): string {
  return `${training}/${epoch}`
}

/** Key of the results of an analysis at a checkpoint. */
export function analysisKey(training: string, epoch: number, analysis: Analysis, experiment: Experiment): string {
  const measurement = analysis.kind === 'principalComponents' ? experiment.measurement : null
  const reshape = analysis.kind === 'noiseFiltering' ? reshapeOf(experiment) : undefined
  return key('analysis', { training, epoch, analysis, measurement, reshape, probes: experiment.seeds.probes })
}

/** How kernels of convolutions become matrices, where an analysis does not say so itself. */
export function reshapeOf({ analyses }: Experiment): SingularValuesAnalysis['reshape'] {
  return analyses.find((analysis) => analysis.kind === 'singularValues')?.reshape ?? 'thesis'
}

/** Key of what was followed while a run trained. */
export function monitorKey(training: string, { monitor, seeds }: Experiment): string {
  return key('monitor', { training, monitor, probes: seeds.probes })
}

function key(kind: string, content: unknown): string {
  return `${kind}/${LAYOUT}/${sha256Hex(canonicalJson(content)).slice(0, 32)}`
}

/** JSON with object keys sorted, so that equal settings have equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([name, entry]) => `${JSON.stringify(name)}:${canonicalJson(entry)}`).join(',')}}`
}
