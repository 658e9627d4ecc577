import { LabError } from '../../src/contracts/errors.ts'
import type { PrincipalComponentsAnalysis } from '../../src/contracts/experiment.ts'
import type { PrincipalComponentsResult } from '../../src/contracts/results.ts'
import { recordWeights, snapshotCount } from '../experiments/measurement/record.ts'
import { analyseDrift, componentSet, FEWEST_SNAPSHOTS } from '../experiments/principal-components.ts'
import { CPU_CHUNK, GPU_CHUNK } from '../experiments/training/train.ts'
import { selectParameters, type SelectedParameters } from '../networks/selection.ts'
import type { SnapshotRecorder } from '../numerics/snapshots.ts'
import { settingsAt } from '../training/schedule.ts'
import { Trainer } from '../training/trainer.ts'
import type { ComponentsArtifact } from './analysis-artifacts.ts'
import { progressReporter, storeArtifact, storedArtifact, type AnalysisContext } from './analysis-context.ts'

/**
 * The measurement phase from the checkpoint on, and PCA of what it recorded; restored when computed before. Announces
 * the measurement as a stage of its own.
 */
export async function runPrincipalComponents(
  context: AnalysisContext,
  index: number,
  settings: PrincipalComponentsAnalysis,
): Promise<ComponentsArtifact | null> {
  const known = await storedArtifact<ComponentsArtifact>(context, settings, index)
  if (known !== null) {
    context.stages.set('measurement', 'done', { restored: true })
    return known
  }
  const { bench, experiment, pacing, emit } = context
  const start = pacing.now()
  const selection = selectParameters(bench.network, experiment.measurement.selection)
  const recorder = await measure(context, selection)
  if (recorder === null) return null
  const drift = await analyseDrift(recorder, settings, experiment.seeds.probes, pacing, progressReporter(emit, 'analyses', pacing))
  if (drift === null) return null
  const { weights, velocities, ...shown } = drift
  const result: PrincipalComponentsResult = {
    kind: 'principalComponents',
    analysis: index,
    measurement: experiment.measurement,
    dimension: selection.size,
    snapshots: recorder.count,
    weights: componentSet(weights),
    velocities: componentSet(velocities),
    ...shown,
    provenance: context.provenance(bench.train.samples, experiment.seeds.shuffle, (pacing.now() - start) / 1000),
  }
  const artifact = { result, weightComponents: weights.principalComponents, velocityComponents: velocities.principalComponents }
  await storeArtifact(context, settings, artifact)
  return artifact
}

/** Records the weights on a second trainer; null when it is stopped. */
function measure(context: AnalysisContext, selection: SelectedParameters): Promise<SnapshotRecorder | null> {
  const { bench, experiment, pacing, emit, stages } = context
  const chunk = bench.engine.info.name === 'webgpu' ? GPU_CHUNK : CPU_CHUNK
  const record = async (): Promise<SnapshotRecorder | null> => {
    const trainer = measuringTrainer(context)
    try {
      refuseTooFew(snapshotCount(experiment.measurement, trainer.stepsPerEpoch))
      const onProgress = progressReporter(emit, 'measurement', pacing)
      const recorder = await recordWeights(bench.engine, trainer, selection, experiment.measurement, pacing, chunk, onProgress)
      return pacing.signal.aborted ? null : recorder
    } finally {
      trainer.dispose()
    }
  }
  return stages.run('measurement', record, (recorder) => (recorder === null ? 'paused' : 'done'))
}

function refuseTooFew(snapshots: number): void {
  if (snapshots >= FEWEST_SNAPSHOTS) return
  const message = `The measurement gives ${snapshots} snapshots; principal components need at least ${FEWEST_SNAPSHOTS}.`
  throw new LabError('bad-settings', message, 'Measure more epochs, or record after every batch.')
}

/** A second trainer that goes on from the checkpoint at its final learning rate; the trained network stays as it is. */
function measuringTrainer({ bench, experiment, state }: AnalysisContext): Trainer {
  const { epoch, step } = state.position
  const settings = settingsAt(experiment.training, epoch, step)
  const training = { ...experiment.training, ...settings, schedule: { kind: 'constant' as const }, changes: [] }
  const trainer = new Trainer(bench.engine, bench.network, bench.train, training, experiment.seeds)
  trainer.restore(state)
  return trainer
}
