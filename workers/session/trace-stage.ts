import type { TraceAnalysis } from '../../src/contracts/experiment.ts'
import type { TraceResult } from '../../src/contracts/results.ts'
import { selectionPhrase } from '../../src/contracts/selection.ts'
import { throttled, unlessInterrupted } from '../experiments/deps.ts'
import { withMatrix, type Matrix } from '../experiments/hessian/matrix.ts'
import { estimateTrace } from '../experiments/hessian/trace.ts'
import type { PlainArtifact } from './analysis-artifacts.ts'
import { decayAt, matrixDeps, progressReporter, storeArtifact, storedArtifact, type AnalysisContext } from './analysis-context.ts'
import { curvatureFacts } from './curvature-facts.ts'
import { MATRIX_NAMES } from './hessian-stage.ts'

type TraceArtifact = PlainArtifact<TraceResult>

/** Trace, norm and diagonal at the checkpoint, told as the estimate settles; null when stopped before the first probe. */
export async function runTrace(context: AnalysisContext, index: number, settings: TraceAnalysis): Promise<TraceArtifact | null> {
  const known = await storedArtifact<TraceArtifact>(context, settings, index)
  if (known !== null) return known
  const { experiment, state, pacing, emit } = context
  const start = pacing.now()
  const onProgress = progressReporter(emit, 'analyses', pacing)
  const tell = throttled(pacing.now, (result: TraceResult) => emit({ type: 'result', result }))
  const work = async (matrix: Matrix): Promise<TraceArtifact | null> => {
    const found = await estimateTrace(matrix, settings, experiment.seeds.probes, pacing, (partial, of) => {
      onProgress({ what: `Trace of the ${MATRIX_NAMES[settings.matrix]} of ${selectionPhrase(settings.selection)}: product ${partial.products} of ${of}`, step: partial.products, of })
      tell({ kind: 'trace', settings, ...curvatureFacts(context, index, settings, matrix, start), ...partial })
    })
    return found && { result: { kind: 'trace', settings, ...curvatureFacts(context, index, settings, matrix, start), ...found } }
  }
  const artifact = await unlessInterrupted(withMatrix(matrixDeps(context), state.weights, settings, decayAt(experiment, state), work))
  if (artifact !== null && artifact.result.outcome !== 'cancelled') await storeArtifact(context, settings, artifact)
  return artifact
}
