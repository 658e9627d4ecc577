import type { SingularValuesAnalysis } from '../../src/contracts/experiment.ts'
import { kernelSpectrum } from '../experiments/singular-values/decompose.ts'
import type { SingularArtifact } from './analysis-artifacts.ts'
import type { AnalysisContext } from './analysis-context.ts'

/** SVD of every kernel at the checkpoint. Fast enough never to be stored. */
export function runSingularValues(context: AnalysisContext, index: number, settings: SingularValuesAnalysis): SingularArtifact {
  const { state, pacing } = context
  const start = pacing.now()
  const kernels = context.kernels().map((kernel) => kernelSpectrum(kernel, settings.edge, context.experiment.network.initialiser, state.weights))
  const provenance = context.provenance(0, context.experiment.seeds.initialisation, (pacing.now() - start) / 1000)
  return { result: { kind: 'singularValues', analysis: index, settings, kernels, provenance } }
}
