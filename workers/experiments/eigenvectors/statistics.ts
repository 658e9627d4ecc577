import type { EigenvectorResult, PorterThomas } from '../../../src/contracts/results.ts'
import type { StatisticsSettings } from '../../../src/contracts/experiment.ts'
import type { SelectedParameters } from '../../networks/selection.ts'
import { inverseParticipationRatio, layerConcentration, randomParticipation } from '../../numerics/localisation.ts'
import { averagedValues, movingAverage, uniformMeanBand } from '../../numerics/random-matrix/moving-average.ts'
import { nullQuantiles } from '../../numerics/random-matrix/kolmogorov-smirnov.ts'
import { porterThomasDistance, porterThomasNull, porterThomasPValue } from '../../numerics/random-matrix/porter-thomas.ts'
import { dot, float64Space } from '../../numerics/vector-space.ts'
import type { Pacing } from '../deps.ts'
import { restful } from '../deps.ts'
import { vectorAt, type VectorSet } from '../overlap/vector-set.ts'
import { layerRanges } from './layers.ts'

/** What is measured on eigenvectors, one entry per vector. */
export type EigenvectorStatistics = Pick<
  EigenvectorResult,
  'participation' | 'randomParticipation' | 'weightProduct' | 'otherWeightProduct' | 'layers' | 'concentration' | 'porterThomas'
>

export interface WeightsToCompare {
  /** The selected weights at the checkpoint of the vectors. */
  readonly own: Float64Array
  readonly other: { readonly epoch: number; readonly weights: Float64Array } | null
}

/**
 * Localisation, randomness and weight products (Eqs. 7.2, 7.7, 7.8) of unit vectors over a selection. Null when stopped.
 */
export async function eigenvectorStatistics(
  vectors: VectorSet,
  selection: SelectedParameters,
  { own, other }: WeightsToCompare,
  { averagingWindow, nullVectors }: StatisticsSettings,
  seed: number,
  pacing: Pacing,
  onVector: (done: number) => void,
): Promise<EigenvectorStatistics | null> {
  const { count, dimension } = vectors
  const rest = restful(pacing)
  const random = await porterThomasNull(dimension, { nullVectors, seed, pacing: { yieldControl: pacing.breathe, shouldStop: () => pacing.signal.aborted } })
  if (random === null) return null
  const ranges = layerRanges(selection)
  const [participation, distances, product, otherProduct] = Array.from({ length: 4 }, () => new Float64Array(count))
  const concentration = new Float64Array(ranges.length * count)
  const [ownLength, otherLength] = [lengthOf(own), other === null ? 1 : lengthOf(other.weights)]
  for (let i = 0; i < count; i++) {
    const vector = vectorAt(vectors, i)
    participation[i] = inverseParticipationRatio(vector)
    distances[i] = porterThomasDistance(vector)
    product[i] = dot(vector, own) / ownLength
    if (other !== null) otherProduct[i] = dot(vector, other.weights) / otherLength
    layerConcentration(vector, ranges).forEach((share, layer) => (concentration[layer * count + i] = share))
    onVector(i + 1)
    await rest()
    if (pacing.signal.aborted) return null
  }
  const pValues = distances.map((distance) => porterThomasPValue(distance, random.distances))
  return {
    participation,
    randomParticipation: randomParticipation(dimension).mean,
    weightProduct: product,
    otherWeightProduct: other && { epoch: other.epoch, values: otherProduct },
    layers: ranges.map(({ share }) => share),
    concentration,
    porterThomas: {
      distances,
      pValues,
      ...averaged(pValues, averagingWindow),
      randomDistance: nullQuantiles(random.distances).median,
      nullVectors: random.distances.length,
    },
  }
}

/** The same p-values under a moving average of another width. */
export function averagedAnew(found: PorterThomas, window: number): PorterThomas {
  return { ...found, ...averaged(found.pValues, window) }
}

function averaged(pValues: Float64Array, window: number): Pick<PorterThomas, 'averages' | 'window' | 'band'> {
  const { low, high } = uniformMeanBand(averagedValues(window))
  return { averages: averages(pValues, window), window, band: [low, high] }
}

/** NaN where the window would leave the spectrum. */
function averages(values: Float64Array, window: number): Float64Array {
  const all = new Float64Array(values.length).fill(NaN)
  if (values.length < 2 * window + 1) return all
  const { first, averages: inner } = movingAverage(values, window)
  all.set(inner, first)
  return all
}

/** The zero vector, weights before a layer was ever moved, has product 0 with everything. */
function lengthOf(weights: Float64Array): number {
  return float64Space.norm(weights) || 1
}
