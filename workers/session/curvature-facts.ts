import type { CurvatureSettings } from '../../src/contracts/experiment.ts'
import type { CurvatureFacts } from '../../src/contracts/results.ts'
import type { Matrix } from '../experiments/hessian/matrix.ts'
import { hasBatchNorm } from '../networks/network.ts'
import type { AnalysisContext } from './analysis-context.ts'

/** What every result about one matrix carries, with the seconds so far. */
export function curvatureFacts(context: AnalysisContext, index: number, settings: CurvatureSettings, matrix: Matrix, start: number): CurvatureFacts {
  const { bench, experiment, pacing } = context
  return {
    analysis: index,
    batchNorm: hasBatchNorm(bench.network) ? settings.batchNorm : null,
    dimension: matrix.selection.size,
    twiceWeightDecay: matrix.twiceWeightDecay,
    loss: matrix.loss,
    gradientNorm: matrix.gradientNorm,
    provenance: context.provenance(matrix.data.samples, experiment.seeds.probes, (pacing.now() - start) / 1000),
  }
}
