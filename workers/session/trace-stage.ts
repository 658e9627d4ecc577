import type { TraceAnalysis } from '../../src/contracts/experiment.ts'
import type { TraceResult } from '../../src/contracts/results.ts'
import { Interrupted, throttled } from '../experiments/deps.ts'
import { withMatrix } from '../experiments/hessian/matrix.ts'
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
  try {
    const artifact = await withMatrix(matrixDeps(context), state.weights, settings, decayAt(experiment, state), async (matrix) => {
      const found = await estimateTrace(matrix, settings, experiment.seeds.probes, pacing, (partial, of) => {
        onProgress({ what: `Trace of the ${MATRIX_NAMES[settings.matrix]} of ${settings.selection}: product ${partial.products} of ${of}`, step: partial.products, of })
        tell({ kind: 'trace', settings, ...curvatureFacts(context, index, settings, matrix, start), ...partial })
      })
      return found && { result: { kind: 'trace' as const, settings, ...curvatureFacts(context, index, settings, matrix, start), ...found } }
    })
    if (artifact !== null && artifact.result.outcome !== 'cancelled') await storeArtifact(context, settings, artifact)
    return artifact
  } catch (error) {
    if (error instanceof Interrupted) return null
    throw error
  }
}
