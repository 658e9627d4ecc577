import type { DensityAnalysis } from '../../../src/contracts/experiment.ts'
import type { Estimate, Quadrature, SpectralMoments } from '../../../src/contracts/results.ts'
import { openWasmRows } from '../../linalg/rows/wasm-rows.ts'
import type { Estimate as NumericalEstimate } from '../../numerics/estimate.ts'
import { createRandom } from '../../numerics/random.ts'
import { stochasticLanczosQuadrature } from '../../numerics/slq/lanczos-quadrature.ts'
import { spectrumEstimates, type QuadratureEstimate } from '../../numerics/slq/quadrature-estimates.ts'
import { joinedRows, type ProbeQuadrature, type SpectralQuadrature } from '../../numerics/slq/spectral-quadrature.ts'
import type { Outcome } from '../../../src/contracts/provenance.ts'
import type { Pacing } from '../deps.ts'
import type { Matrix } from './matrix.ts'

/** A spectral density with what follows from it. */
export interface Density {
  readonly quadrature: Quadrature
  readonly moments: SpectralMoments
  readonly halfMoments: SpectralMoments
  readonly products: number
  readonly probesDone: number
  readonly outcome: Outcome
}

export interface DensityHooks {
  /** After every Lanczos step. */
  readonly onStep: (products: number, of: number) => void
  /** After every probe but the last, with what there is so far. */
  readonly onProbe: (density: Density) => void
}

/** Eigenvalues below minus this share of the largest in magnitude count as negative. */
const NEGATIVE = 1e-3

/** Stochastic Lanczos quadrature of a matrix. Stopped by the signal it gives the finished probes; null without any. */
export async function spectralDensity({ operator }: Matrix, settings: Pick<DensityAnalysis, 'probes' | 'steps'>, seed: number, pacing: Pacing, hooks: DensityHooks): Promise<Density | null> {
  const { probes } = settings
  const steps = Math.min(settings.steps, operator.size)
  const rows: ProbeQuadrature[] = []
  const found = await stochasticLanczosQuadrature(operator, {
    probes,
    steps,
    random: createRandom(seed, 'slq'),
    openRows: await openWasmRows(operator.size, steps + 1),
    shouldStop: () => pacing.signal.aborted,
    onStep: async ({ probe, step }) => {
      hooks.onStep(probe * steps + step, probes * steps)
      await pacing.breathe()
    },
    onProbe: (row) => {
      rows.push(row)
      if (rows.length < probes) hooks.onProbe(described(joinedRows(operator.size, steps, rows), row.products, 'max-steps'))
    },
  })
  return found.probesDone === 0 ? null : described(found, found.products, found.outcome)
}

function described(quadrature: SpectralQuadrature, products: number, outcome: Outcome): Density {
  const { nodes, weights, residuals, probesDone, steps } = quadrature
  const scale = nodes.reduce((most, node) => (Math.abs(node) > most ? Math.abs(node) : most), 0)
  const { trace, frobeniusSquared, fractionBelow, negativeMass } = spectrumEstimates(quadrature, -NEGATIVE * scale)
  const moments = (of: (estimate: QuadratureEstimate) => NumericalEstimate): SpectralMoments => ({
    trace: plain(of(trace)),
    squaredNorm: plain(of(frobeniusSquared)),
    negativeMass: plain(of(negativeMass)),
    negativeShare: plain(of(fractionBelow)),
  })
  return {
    quadrature: { probes: probesDone, steps, nodes, weights, residuals },
    moments: moments((estimate) => estimate),
    halfMoments: moments((estimate) => estimate.halfSteps ?? estimate),
    products,
    probesDone,
    outcome,
  }
}

/** A standard error that cannot be had is null in results, which also travel as JSON. */
export function plain({ value, standardError }: NumericalEstimate): Estimate {
  return { value, standardError: Number.isNaN(standardError) ? null : standardError }
}
