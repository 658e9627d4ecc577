import type { TraceAnalysis } from '../../../src/contracts/experiment.ts'
import type { Outcome } from '../../../src/contracts/provenance.ts'
import type { TraceResult } from '../../../src/contracts/results.ts'
import { createRandom } from '../../numerics/random.ts'
import { hutchinson } from '../../numerics/trace/hutchinson.ts'
import { hutchPlusPlus } from '../../numerics/trace/hutch-plus-plus.ts'
import type { Estimate } from '../../numerics/estimate.ts'
import type { Pacing } from '../deps.ts'
import { layerRanges } from '../eigenvectors/layers.ts'
import { plain } from './density.ts'
import type { Matrix } from './matrix.ts'

/** What a trace analysis finds. */
export type TraceFindings = Pick<TraceResult, 'trace' | 'squaredNorm' | 'diagonal' | 'layers' | 'history' | 'products' | 'outcome'>

/** Trace (and, by Hutchinson, norm and diagonal) of a matrix; null when stopped before the first probe. */
export async function estimateTrace(matrix: Matrix, settings: TraceAnalysis, seed: number, pacing: Pacing, onProbe: (findings: TraceFindings, of: number) => void): Promise<TraceFindings | null> {
  return settings.method === 'hutchinson' ? byHutchinson(matrix, settings, seed, pacing, onProbe) : byHutchPlusPlus(matrix, settings, seed, pacing, onProbe)
}

async function byHutchinson({ operator, selection }: Matrix, { probes }: TraceAnalysis, seed: number, pacing: Pacing, onProbe: (findings: TraceFindings, of: number) => void): Promise<TraceFindings | null> {
  const history = new History()
  const ranges = layerRanges(selection)
  const found = await hutchinson(operator, {
    probes,
    random: createRandom(seed, 'hutchinson'),
    groups: ranges,
    shouldStop: () => pacing.signal.aborted,
    onProbe: async ({ probesDone, trace, frobeniusSquared }) => {
      history.add(probesDone, trace)
      onProbe({ trace: plain(trace), squaredNorm: plain(frobeniusSquared), diagonal: null, layers: null, history: history.arrays(), products: probesDone, outcome: 'cancelled' }, probes)
      await pacing.breathe()
    },
  })
  if (found.probesDone === 0) return null
  return {
    trace: plain(found.trace),
    squaredNorm: plain(found.frobeniusSquared),
    diagonal: { values: found.diagonal, standardErrors: found.diagonalStandardErrors },
    layers: ranges.map(({ share }, i) => ({ ...share, trace: found.groupTraces[i].value })),
    history: history.arrays(),
    products: found.products,
    outcome: outcomeOf(found.outcome),
  }
}

async function byHutchPlusPlus({ operator }: Matrix, { probes }: TraceAnalysis, seed: number, pacing: Pacing, onProbe: (findings: TraceFindings, of: number) => void): Promise<TraceFindings | null> {
  const history = new History()
  const found = await hutchPlusPlus(operator, {
    products: Math.max(3, 3 * probes),
    random: createRandom(seed, 'hutch++'),
    shouldStop: () => pacing.signal.aborted,
    onProduct: async ({ products, of, trace }) => {
      if (trace !== null) {
        history.add(products, trace)
        onProbe({ trace: plain(trace), squaredNorm: null, diagonal: null, layers: null, history: history.arrays(), products, outcome: 'cancelled' }, of)
      }
      await pacing.breathe()
    },
  })
  if (Number.isNaN(found.trace.value)) return null
  return { trace: plain(found.trace), squaredNorm: null, diagonal: null, layers: null, history: history.arrays(), products: found.products, outcome: outcomeOf(found.outcome) }
}

function outcomeOf(outcome: 'complete' | 'cancelled'): Outcome {
  return outcome === 'complete' ? 'converged' : outcome
}

/** The estimate after each probe. */
class History {
  private readonly products: number[] = []
  private readonly estimates: number[] = []
  private readonly errors: number[] = []

  add(products: number, { value, standardError }: Estimate): void {
    this.products.push(products)
    this.estimates.push(value)
    this.errors.push(standardError)
  }

  arrays(): TraceResult['history'] {
    return { products: Float64Array.from(this.products), estimates: Float64Array.from(this.estimates), standardErrors: Float64Array.from(this.errors) }
  }
}
