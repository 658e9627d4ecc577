import type { DemonstrationAnalysis } from '../../../src/contracts/experiment.ts'
import type { DemonstrationResult } from '../../../src/contracts/results.ts'
import { lanczosHistory } from '../../numerics/power/lanczos-history.ts'
import { powerIteration } from '../../numerics/power/power-iteration.ts'
import { createRandom } from '../../numerics/random.ts'
import type { Pacing } from '../deps.ts'
import type { Matrix } from './matrix.ts'

/** What an iteration did, step by step. */
export type Demonstration = Pick<DemonstrationResult, 'power' | 'lanczos' | 'outcome'>

/** Power iteration or Lanczos with every step kept; stopped by the signal it keeps the steps so far. */
export async function demonstrate({ operator }: Matrix, settings: DemonstrationAnalysis, seed: number, pacing: Pacing, onStep: (step: number, of: number) => void): Promise<Demonstration> {
  const { algorithm, reorthogonalise } = settings
  const steps = algorithm === 'lanczos' && reorthogonalise ? Math.min(settings.steps, operator.size) : settings.steps
  const shared = {
    steps,
    random: createRandom(seed, 'demonstration'),
    shouldStop: () => pacing.signal.aborted,
    onStep: async ({ step }: { readonly step: number }) => {
      onStep(step, steps)
      await pacing.breathe()
    },
  }
  if (algorithm === 'power') {
    const { rayleighQuotients: rayleigh, residuals, angles, outcome } = await powerIteration(operator, shared)
    return { power: { rayleigh, residuals, angles }, lanczos: null, outcome }
  }
  const { alphas, betas, ritzValues, residualEstimates: residuals, orthogonalityLoss: orthogonality, outcome } = await lanczosHistory(operator, { ...shared, reorthogonalise })
  return { power: null, lanczos: { alphas, betas, ritzValues, residuals, orthogonality }, outcome }
}
