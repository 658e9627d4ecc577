import type { HessianAnalysis } from '../../src/contracts/experiment.ts'
import type { SpectrumResult } from '../../src/contracts/results.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import type { ExperimentDeps } from '../experiments/deps.ts'
import { hasBatchNorm } from '../networks/network.ts'
import { hessianEigenpairs } from '../experiments/hessian/eigenpairs.ts'
import { lossDecay, settingsAt } from '../training/schedule.ts'
import type { SpectrumArtifact } from './analysis-artifacts.ts'
import { progressReporter, storeArtifact, storedArtifact, type AnalysisContext } from './analysis-context.ts'

/**
 * Lanczos on the Hessian at the checkpoint, restored when it was computed before; null when it is stopped before there
 * is anything to show.
 */
export async function runHessian(context: AnalysisContext, index: number, settings: HessianAnalysis): Promise<SpectrumArtifact | null> {
  const known = await storedArtifact<SpectrumArtifact>(context, settings, index)
  if (known !== null) return known
  const { bench, state } = context
  const weights = bench.engine.allocate('float', bench.network.stateLength, 'weights of the checkpoint')
  try {
    bench.engine.write(weights, state.weights)
    const artifact = await compute(context, weights, index, settings)
    if (artifact !== null && artifact.result.outcome !== 'cancelled') await storeArtifact(context, settings, artifact)
    return artifact
  } finally {
    bench.engine.free(weights)
  }
}

async function compute(context: AnalysisContext, weights: BufferHandle, index: number, settings: HessianAnalysis): Promise<SpectrumArtifact | null> {
  const { bench, experiment, state, pacing, emit } = context
  const start = pacing.now()
  const samples = Math.min(settings.samples, bench.train.samples)
  const weightDecay = lossDecay(experiment.training, settingsAt(experiment.training, state.position.epoch, state.position.step))
  const deps: ExperimentDeps = { engine: bench.engine, network: bench.network, train: { ...bench.train, samples }, pacing }
  const seed = experiment.seeds.probes
  const onProgress = progressReporter(emit, 'analyses', pacing)
  onProgress({ what: `Hessian of ${settings.selection}: linearising the network`, step: 0, of: settings.maxProducts })
  const found = await hessianEigenpairs(deps, weights, settings, { weightDecay, decayed: experiment.training.decayed }, seed, (spectrum) => {
    emit({ type: 'spectrumProgress', spectrum: { analysis: index, ...spectrum } })
    const { products: step, ofProducts: of } = spectrum
    onProgress({ what: `Hessian of ${settings.selection}: product ${step} of at most ${of}`, step, of })
  })
  if (found === null) return null
  const { pairs } = found
  const result: SpectrumResult = {
    kind: 'spectrum',
    analysis: index,
    settings,
    batchNorm: hasBatchNorm(bench.network) ? settings.batchNorm : null,
    dimension: found.selection.size,
    eigenvalues: pairs.eigenvalues,
    end: pairs.which,
    residuals: pairs.residuals,
    converged: pairs.converged,
    products: pairs.products + pairs.verificationProducts,
    outcome: pairs.outcome,
    weightProduct: found.weightProduct,
    participation: found.participation,
    twiceWeightDecay: 2 * weightDecay,
    loss: found.loss,
    gradientNorm: found.gradientNorm,
    provenance: context.provenance(samples, seed, (pacing.now() - start) / 1000),
  }
  return { result, eigenvectors: pairs.eigenvectors }
}
