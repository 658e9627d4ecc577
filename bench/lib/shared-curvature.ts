import type { Engine } from '../../workers/engine/engine.ts'
import type { BufferHandle } from '../../workers/engine/tensor.ts'
import type { Network } from '../../workers/networks/network.ts'
import type { ResidentData } from '../../workers/networks/resident-data.ts'
import type { SelectedParameters } from '../../workers/networks/selection.ts'
import type { CurvatureOperator } from '../../workers/operators/curvature.ts'
import { nodeThreads } from '../../workers/parallel/node/threads.ts'
import { openCurvature, openCurvatureCrew } from '../../workers/parallel/open-curvature.ts'
import { ParallelCurvature } from '../../workers/parallel/parallel-curvature.ts'

/** Linearisations within which every helper must have its share. */
const LONGEST_START = 50

/** A Hessian without weight decay whose products are shared as in the lab. */
export interface SharedCurvature {
  readonly operator: CurvatureOperator
  /** Threads that work on a product. */
  readonly cores: number
  dismiss(): void
}

/** The Hessian of a selection on all cores of the machine, every helper at work. */
export async function openSharedCurvature(engine: Engine, network: Network, weights: BufferHandle, data: ResidentData, selection: SelectedParameters): Promise<SharedCurvature> {
  const crew = openCurvatureCrew(nodeThreads, engine, network, [selection], data.samples, (reason) => console.log(`  A helper failed: ${reason}`))
  const operator = await openCurvature(engine, network, weights, data, selection, { matrix: 'hessian', weightDecay: 0 }, crew)
  const helpers = await untilReady(operator, crew?.size ?? 0)
  return {
    operator,
    cores: helpers + 1,
    dismiss: () => {
      operator.dispose()
      crew?.dispose()
    },
  }
}

/** Helpers at work after as many linearisations as it takes. */
async function untilReady(operator: CurvatureOperator, helpers: number): Promise<number> {
  await operator.linearise()
  if (!(operator instanceof ParallelCurvature)) return 0
  for (let i = 0; i < LONGEST_START && operator.helpersReady < helpers; i++) await operator.linearise()
  if (operator.helpersReady < helpers) console.log(`  Only ${operator.helpersReady} of ${helpers} helpers work.`)
  return operator.helpersReady
}
