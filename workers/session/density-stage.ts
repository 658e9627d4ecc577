import type { DensityAnalysis } from '../../src/contracts/experiment.ts'
import type { DensityResult } from '../../src/contracts/results.ts'
import { selectionPhrase } from '../../src/contracts/selection.ts'
import { unlessInterrupted } from '../experiments/deps.ts'
import { spectralDensity, type Density } from '../experiments/hessian/density.ts'
import { withMatrix, type Matrix } from '../experiments/hessian/matrix.ts'
import type { TrainerState } from '../training/trainer.ts'
import type { PlainArtifact } from './analysis-artifacts.ts'
import { decayAt, matrixDeps, progressReporter, storeArtifact, storedArtifact, type AnalysisContext } from './analysis-context.ts'
import { curvatureFacts } from './curvature-facts.ts'
import { MATRIX_NAMES } from './hessian-stage.ts'

type DensityArtifact = PlainArtifact<DensityResult>

/** The spectral density at the checkpoint, told after every probe; null when stopped before the first. */
export async function runDensity(context: AnalysisContext, index: number, settings: DensityAnalysis): Promise<DensityArtifact | null> {
  const known = await storedArtifact<DensityArtifact>(context, settings, index)
  if (known !== null) return known
  const { state, pacing } = context
  const { compare } = settings
  const start = pacing.now()
  const earlier = compare === null ? null : context.stateAt(compare)
  const found = await at(context, settings, state, '', (matrix, density) => {
    const result: DensityResult = { kind: 'density', settings, ...curvatureFacts(context, index, settings, matrix, start), ...density, compared: null }
    if (density.probesDone < settings.probes) context.emit({ type: 'result', result })
    return result
  })
  if (found === null) return null
  const other = earlier === null || pacing.signal.aborted ? null : await at(context, settings, earlier, ` at epoch ${compare}`, (_matrix, { quadrature, probesDone }) => (probesDone === settings.probes ? quadrature : null))
  const artifact = { result: { ...found, compared: other === null || compare === null ? null : { epoch: compare, quadrature: other } } }
  if (found.outcome !== 'cancelled' && (compare === null || other !== null)) await storeArtifact(context, settings, artifact)
  return artifact
}

/** What `describe` makes of the density at a state of training; it also hears of every probe. */
async function at<T>(context: AnalysisContext, settings: DensityAnalysis, state: TrainerState, where: string, describe: (matrix: Matrix, density: Density) => T): Promise<T | null> {
  const { experiment, pacing, emit } = context
  const onProgress = progressReporter(emit, 'analyses', pacing)
  const name = `Density of the ${MATRIX_NAMES[settings.matrix]} of ${selectionPhrase(settings.selection)}${where}`
  const work = async (matrix: Matrix): Promise<T | null> => {
    const density = await spectralDensity(matrix, settings, experiment.seeds.probes, pacing, {
      onStep: (step, of) => onProgress({ what: `${name}: product ${step} of ${of}`, step, of }),
      onProbe: (partial) => void describe(matrix, partial),
    })
    return density && describe(matrix, density)
  }
  return unlessInterrupted(withMatrix(matrixDeps(context), state.weights, settings, decayAt(experiment, state), work))
}
