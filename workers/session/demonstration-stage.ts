import type { DemonstrationAnalysis } from '../../src/contracts/experiment.ts'
import type { DemonstrationResult } from '../../src/contracts/results.ts'
import { selectionPhrase } from '../../src/contracts/selection.ts'
import { unlessInterrupted } from '../experiments/deps.ts'
import { demonstrate } from '../experiments/hessian/demonstration.ts'
import { withMatrix, type Matrix } from '../experiments/hessian/matrix.ts'
import type { PlainArtifact } from './analysis-artifacts.ts'
import { decayAt, matrixDeps, progressReporter, storeArtifact, storedArtifact, type AnalysisContext } from './analysis-context.ts'
import { curvatureFacts } from './curvature-facts.ts'

type DemonstrationArtifact = PlainArtifact<DemonstrationResult>

/** Every step of an iteration on the matrix at the checkpoint; null when stopped before the first. */
export async function runDemonstration(context: AnalysisContext, index: number, settings: DemonstrationAnalysis): Promise<DemonstrationArtifact | null> {
  const known = await storedArtifact<DemonstrationArtifact>(context, settings, index)
  if (known !== null) return known
  const { experiment, state, pacing, emit } = context
  const start = pacing.now()
  const onProgress = progressReporter(emit, 'analyses', pacing)
  const name = settings.algorithm === 'power' ? 'Power iteration' : 'Lanczos'
  const work = async (matrix: Matrix): Promise<DemonstrationArtifact> => {
    const found = await demonstrate(matrix, settings, experiment.seeds.probes, pacing, (step, of) => onProgress({ what: `${name} on ${selectionPhrase(settings.selection)}: step ${step} of ${of}`, step, of }))
    return { result: { kind: 'demonstration', settings, ...curvatureFacts(context, index, settings, matrix, start), ...found } }
  }
  const artifact = await unlessInterrupted(withMatrix(matrixDeps(context), state.weights, settings, decayAt(experiment, state), work))
  if (artifact !== null && artifact.result.outcome !== 'cancelled') await storeArtifact(context, settings, artifact)
  return artifact
}
