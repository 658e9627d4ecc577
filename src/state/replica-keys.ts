import type { LabResult } from '../contracts/results.ts'
import type { EngineChoice, EngineStatus } from '../contracts/session.ts'
import type { LabState } from './lab-state.ts'
import type { ReplicaSettings } from './replica-state.ts'

/** Settings of the further seeds as they are now. */
export function replicaSettings({ experiment, engine, data }: Pick<LabState, 'experiment' | 'engine' | 'data'>): ReplicaSettings {
  return { experiment, engine: replicaEngine(engine), datasetHash: data?.hash ?? null }
}

/** Further seeds run side by side on the CPU: there is one graphics device, and the main seed may have it. */
export function replicaEngine(engine: EngineStatus | null): EngineChoice {
  const chosen = engine?.chosen ?? 'wasm'
  return chosen === 'webgpu' ? 'wasm' : chosen
}

/** Text that is the same for settings with the same weights at every epoch that both reach. */
export function trainingPart({ experiment, engine, datasetHash }: ReplicaSettings): string {
  const { dataset, network, training, seeds } = experiment
  const { epochs, ...rest } = training
  // A cosine is stretched over all epochs: there their number decides every rate.
  const stretched = training.schedule.kind === 'cosine' ? epochs : null
  return JSON.stringify([dataset, network, rest, stretched, seeds.initialisation, seeds.shuffle, engine, datasetHash])
}

/** Text that is the same for settings with the same numbers; the checkpoint and the kernel of the view are not part of it. */
export function numbersPart(settings: ReplicaSettings): string {
  const { training, seeds, measurement, analyses, monitor, statistics } = settings.experiment
  return JSON.stringify([trainingPart(settings), training.epochs, seeds.probes, measurement, analyses, monitor, statistics])
}

/** Text that is the same for settings with the same results. */
export function runPart(settings: ReplicaSettings): string {
  return JSON.stringify([numbersPart(settings), checkpointOf(settings), settings.experiment.view.kernel])
}

/** Text that is the same for settings in which a result of the same epoch has the same numbers. */
export function resultPart(settings: ReplicaSettings, result: LabResult): string {
  const { analyses, measurement, seeds, monitor, statistics } = settings.experiment
  const weights = trainingPart(settings)
  switch (result.kind) {
    case 'singularValues':
      return JSON.stringify([weights, analyses[result.analysis]])
    case 'spectrum':
    case 'wholeSpectrum':
    case 'density':
    case 'trace':
    case 'demonstration':
    case 'noiseFiltering':
    case 'check':
      return JSON.stringify([weights, analyses[result.analysis], seeds.probes])
    case 'curvature':
      return JSON.stringify([weights, monitor, seeds.probes])
    case 'spacings':
    case 'eigenvectors':
      return JSON.stringify([weights, analyses, seeds.probes, statistics])
    case 'principalComponents':
      return JSON.stringify([weights, analyses[result.analysis], seeds.probes, measurement])
    case 'overlap':
      return JSON.stringify([weights, analyses, seeds.probes, measurement])
  }
}

function checkpointOf({ experiment: { view, training } }: ReplicaSettings): number {
  return view.checkpoint ?? training.epochs
}
