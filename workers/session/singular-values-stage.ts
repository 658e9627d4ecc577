import type { SingularValuesAnalysis } from '../../src/contracts/experiment.ts'
import type { KernelSpectrum } from '../../src/contracts/results.ts'
import { kernelSpectrum } from '../experiments/singular-values/kernel-spectrum.ts'
import type { SingularArtifact } from './analysis-artifacts.ts'
import { progressReporter, storeArtifact, storedArtifact, type AnalysisContext } from './analysis-context.ts'

/** SVD of every kernel at the checkpoint, against chance; null when stopped. */
export async function runSingularValues(context: AnalysisContext, index: number, settings: SingularValuesAnalysis): Promise<SingularArtifact | null> {
  const known = await storedArtifact<SingularArtifact>(context, settings, index)
  if (known !== null) return known
  const { bench, state, experiment, pacing, emit } = context
  const start = pacing.now()
  const seed = experiment.seeds.probes
  const onProgress = progressReporter(emit, 'analyses', pacing)
  const kernels: KernelSpectrum[] = []
  const decompositions = context.kernels(settings.reshape)
  for (const kernel of decompositions) {
    onProgress({ what: `Singular values of ${kernel.parameter.name}`, step: kernels.length, of: decompositions.length })
    const { edge } = settings
    const found = await kernelSpectrum(kernel, { edge, initialiser: experiment.network.initialiser, weights: state.weights, initial: bench.initial, seed, pacing })
    if (found === null) return null
    kernels.push(found)
  }
  const provenance = context.provenance(0, seed, (pacing.now() - start) / 1000)
  const artifact: SingularArtifact = { result: { kind: 'singularValues', analysis: index, settings, kernels, provenance } }
  await storeArtifact(context, settings, artifact)
  return artifact
}
