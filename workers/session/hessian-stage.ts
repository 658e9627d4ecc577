import type { CurvatureSettings, HessianAnalysis } from '../../src/contracts/experiment.ts'
import type { SpectrumResult } from '../../src/contracts/results.ts'
import { selectionPhrase } from '../../src/contracts/selection.ts'
import { batchEigenvalues, hessianEigenpairs } from '../experiments/hessian/eigenpairs.ts'
import { hasBatchNorm } from '../networks/network.ts'
import type { TrainerState } from '../training/trainer.ts'
import type { SpectrumArtifact } from './analysis-artifacts.ts'
import { decayAt, matrixDeps, progressReporter, storeArtifact, storedArtifact, type AnalysisContext } from './analysis-context.ts'

/** What the matrices are called in messages. */
export const MATRIX_NAMES: Readonly<Record<CurvatureSettings['matrix'], string>> = {
  hessian: 'Hessian',
  gaussNewton: 'Gauss–Newton matrix',
  fisher: 'Fisher matrix',
  empiricalFisher: 'empirical Fisher matrix',
}

/**
 * Lanczos on the Hessian at the checkpoint, restored when it was computed before; null when it is stopped before there
 * is anything to show.
 */
export async function runHessian(context: AnalysisContext, index: number, settings: HessianAnalysis): Promise<SpectrumArtifact | null> {
  const known = await storedArtifact<SpectrumArtifact>(context, settings, index)
  if (known !== null) return known
  const artifact = await compute(context, index, settings)
  if (artifact !== null && artifact.result.outcome !== 'cancelled') await storeArtifact(context, settings, artifact)
  return artifact
}

async function compute(context: AnalysisContext, index: number, settings: HessianAnalysis): Promise<SpectrumArtifact | null> {
  const { bench, experiment, state, pacing, emit } = context
  const start = pacing.now()
  const seed = experiment.seeds.probes
  const earlier = settings.compare === null ? null : context.stateAt(settings.compare)
  const deps = matrixDeps(context)
  const onProgress = progressReporter(emit, 'analyses', pacing)
  const name = `${MATRIX_NAMES[settings.matrix]} of ${selectionPhrase(settings.selection)}`
  onProgress({ what: `${name}: linearising the network`, step: 0, of: settings.maxProducts })
  const found = await hessianEigenpairs(deps, state.weights, settings, decayAt(experiment, state), seed, (spectrum) => {
    emit({ type: 'spectrumProgress', spectrum: { analysis: index, ...spectrum } })
    const { products: step, ofProducts: of } = spectrum
    onProgress({ what: `${name}: product ${step} of at most ${of}`, step, of })
  })
  if (found === null) return null
  const { pairs } = found
  const stopped = pairs.outcome === 'cancelled'
  const compared = earlier === null || stopped ? null : await atOtherCheckpoint(context, settings, earlier, name)
  const batches = settings.batches === 1 || stopped ? null : await onBatches(context, settings, name)
  const result: SpectrumResult = {
    kind: 'spectrum',
    analysis: index,
    settings,
    batchNorm: hasBatchNorm(bench.network) ? settings.batchNorm : null,
    dimension: found.dimension,
    eigenvalues: pairs.eigenvalues,
    end: pairs.which,
    residuals: pairs.residuals,
    converged: pairs.converged,
    products: pairs.products + pairs.verificationProducts,
    outcome: pacing.signal.aborted ? 'cancelled' : pairs.outcome,
    weightProduct: found.weightProduct,
    participation: found.participation,
    twiceWeightDecay: found.twiceWeightDecay,
    loss: found.loss,
    gradientNorm: found.gradientNorm,
    batches,
    compared: compared?.result ?? null,
    provenance: context.provenance(found.samples, seed, (pacing.now() - start) / 1000),
  }
  return { result, eigenvectors: pairs.eigenvectors, comparedVectors: compared?.vectors ?? null }
}

interface Compared {
  readonly result: NonNullable<SpectrumResult['compared']>
  readonly vectors: Float64Array
}

async function atOtherCheckpoint(context: AnalysisContext, settings: HessianAnalysis, state: TrainerState, name: string): Promise<Compared | null> {
  const { experiment, emit, pacing } = context
  const { epoch } = state.position
  const onProgress = progressReporter(emit, 'analyses', pacing)
  const found = await hessianEigenpairs(matrixDeps(context), state.weights, settings, decayAt(experiment, state), experiment.seeds.probes, ({ products, ofProducts }) =>
    onProgress({ what: `${name} at epoch ${epoch}: product ${products} of at most ${ofProducts}`, step: products, of: ofProducts }),
  )
  if (found === null || found.pairs.outcome === 'cancelled') return null
  return { result: { epoch, eigenvalues: found.pairs.eigenvalues }, vectors: found.pairs.eigenvectors }
}

async function onBatches(context: AnalysisContext, settings: HessianAnalysis, name: string): Promise<SpectrumResult['batches']> {
  const { experiment, state, emit, pacing } = context
  const onProgress = progressReporter(emit, 'analyses', pacing)
  const { batches: count } = settings
  const found = await batchEigenvalues(matrixDeps(context), state.weights, settings, decayAt(experiment, state), experiment.seeds.probes, (batch) =>
    onProgress({ what: `${name}: batch ${batch + 1} of ${count}`, step: batch, of: count }),
  )
  return found === null ? null : { count, samples: found.samples, eigenvalues: found.eigenvalues }
}
