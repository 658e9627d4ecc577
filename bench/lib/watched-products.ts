import type { LinearOperator } from '../../workers/numerics/linear-operator.ts'
import { timed } from './measure.ts'

/** An operator with the time that its products take. */
export interface WatchedProducts {
  readonly operator: LinearOperator
  /** In products so far; may be set back to 0. */
  milliseconds: number
}

export function watchProducts(operator: LinearOperator): WatchedProducts {
  const { size, symmetric } = operator
  const apply = async (x: Float64Array, y: Float64Array): Promise<void> => {
    watched.milliseconds += await timed(async () => operator.apply(x, y))
  }
  const watched: WatchedProducts = { operator: { size, symmetric, apply }, milliseconds: 0 }
  return watched
}
