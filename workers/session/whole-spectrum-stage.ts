import type { WholeSpectrumAnalysis } from '../../src/contracts/experiment.ts'
import type { WholeSpectrumResult } from '../../src/contracts/results.ts'
import { selectionPhrase } from '../../src/contracts/selection.ts'
import { throttled, type StepProgress } from '../experiments/deps.ts'
import { decomposeOnGpu } from '../experiments/whole-spectrum/decompose-on-gpu.ts'
import { decomposeOnCpu, wholeSpectrum } from '../experiments/whole-spectrum/whole-spectrum.ts'
import type { TrainerState } from '../training/trainer.ts'
import type { WholeArtifact } from './analysis-artifacts.ts'
import { decayAt, matrixDeps, progressReporter, storeArtifact, storedArtifact, type AnalysisContext } from './analysis-context.ts'
import { curvatureFacts } from './curvature-facts.ts'
import { MATRIX_NAMES } from './hessian-stage.ts'

/** Every eigenvalue at the checkpoint, with the vectors if asked for; null when stopped. */
export async function runWholeSpectrum(context: AnalysisContext, index: number, settings: WholeSpectrumAnalysis): Promise<WholeArtifact | null> {
  const known = await storedArtifact<WholeArtifact>(context, settings, index)
  if (known !== null) return known
  const { state, pacing } = context
  const { compare } = settings
  const start = pacing.now()
  const earlier = compare === null ? null : context.stateAt(compare)
  const found = await at(context, settings, state, '')
  if (found === null) return null
  const { matrix, spectrum } = found
  const { build, eigenvectors, ...numbers } = spectrum
  const other = earlier && (await at(context, { ...settings, vectors: false }, earlier, ` at epoch ${compare}`))
  const scale = Math.max(Math.abs(numbers.eigenvalues[0]), Math.abs(numbers.eigenvalues[numbers.eigenvalues.length - 1]))
  const rounding = build.rounding * scale
  const result: WholeSpectrumResult = {
    kind: 'wholeSpectrum',
    settings,
    ...curvatureFacts(context, index, settings, matrix, start),
    ...numbers,
    build: build.by,
    products: build.products,
    trace: build.trace,
    rounding,
    negative: numbers.eigenvalues.reduce((count, value) => count + (value < -rounding ? 1 : 0), 0),
    compared: other === null || compare === null ? null : { epoch: compare, eigenvalues: other.spectrum.eigenvalues },
  }
  const artifact: WholeArtifact = { result, eigenvectors, statistics: null }
  if (result.compared !== null || compare === null) await storeArtifact(context, settings, artifact)
  return artifact
}

async function at(context: AnalysisContext, settings: WholeSpectrumAnalysis, state: TrainerState, where: string): ReturnType<typeof wholeSpectrum> {
  const { experiment, emit, pacing } = context
  const deps = matrixDeps(context)
  const name = `${MATRIX_NAMES[settings.matrix]} of ${selectionPhrase(settings.selection)}${where}`
  const decompose = settings.solver === 'gpu' ? decomposeOnGpu(deps, context.gpu) : decomposeOnCpu(deps)
  const report = phaseReporter(context, (what) => `${name}: ${what}`)
  emit({ type: 'progress', progress: { stage: 'analyses', what: `${name}: linearising the network`, step: 0, of: 1, secondsLeft: null } })
  return wholeSpectrum(deps, await context.linalg(), state.weights, settings, decayAt(experiment, state), decompose, throttled(pacing.now, report, ({ step, of }) => step >= of))
}

/** Time left is told within a phase: building and decomposing go at different speeds. */
function phaseReporter({ emit, pacing }: AnalysisContext, nameOf: (what: string) => string): (progress: StepProgress) => void {
  let phase = ''
  let report = progressReporter(emit, 'analyses', pacing)
  return ({ what, step, of }) => {
    const named = what.split(',')[0].split(' from ')[0]
    if (named !== phase) report = progressReporter(emit, 'analyses', pacing)
    phase = named
    report({ what: nameOf(what), step, of })
  }
}
