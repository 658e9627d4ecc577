import type { Engine } from '../engine/engine.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import { hasBatchNorm, multiplicationsFrom, type Network } from '../networks/network.ts'
import type { ResidentData } from '../networks/resident-data.ts'
import type { SelectedParameters } from '../networks/selection.ts'
import { Curvature, type CurvatureOperator, type CurvatureOptions } from '../operators/curvature.ts'
import { Crew } from './crew.ts'
import { helperCount } from './open-evaluation.ts'
import { ParallelCurvature } from './parallel-curvature.ts'
import type { ThreadSource } from './thread.ts'

/**
 * Multiplications of a forward pass over all samples, from the first selected layer on, below which a product is over
 * (in some 5 ms) before sharing it pays.
 */
const WORTHWHILE = 2e7

/** Whether several threads would help with the products of a selection. */
export function shouldShareProducts(engine: Engine, network: Network, selection: SelectedParameters, samples: number, cores: number): boolean {
  const first = Math.min(...selection.parameters.map(({ position }) => position))
  return helperCount(engine, network, samples, cores) > 0 && multiplicationsFrom(network, first) * samples >= WORTHWHILE
}

/** Helpers for products of selections, or null where they would not help with any. The caller disposes of the crew. */
export function openCurvatureCrew(
  source: ThreadSource,
  engine: Engine,
  network: Network,
  selections: readonly SelectedParameters[],
  samples: number,
  onFailure: (reason: string) => void,
): Crew | null {
  if (!selections.some((selection) => shouldShareProducts(engine, network, selection, samples, source.cores))) return null
  return new Crew(helperCount(engine, network, samples, source.cores), () => source.start(), onFailure)
}

/**
 * A curvature matrix whose products are computed by the main thread alone or, where there is a crew and it helps, with
 * others. The bits are the same.
 */
export function openCurvature(
  engine: Engine,
  network: Network,
  weights: BufferHandle,
  data: ResidentData,
  selection: SelectedParameters,
  options: CurvatureOptions,
  crew: Crew | null,
): Promise<CurvatureOperator> {
  const isCoupled = options.batchNorm === 'training' && hasBatchNorm(network)
  if (crew === null || isCoupled || !shouldShareProducts(engine, network, selection, data.samples, crew.size + 1)) {
    return Curvature.create(engine, network, weights, data, selection, options)
  }
  return ParallelCurvature.create({ engine, network, weights, data, selection, options, crew })
}
