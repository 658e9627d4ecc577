/**
 * Many eigenpairs from the ends of a spectrum within a budget of memory: Lanczos with thick restarts (Wu and Simon
 * 2000), converged pairs locked, everything reorthogonalised against everything.
 *
 * What a single-vector method can promise of repeated eigenvalues: a Krylov space holds one vector of each
 * eigenspace. Once the pairs asked for are found, the iteration therefore begins again from a random direction
 * orthogonal to them, as often as that brings up a further pair beyond the innermost one. Each round finds one more
 * copy of every eigenvalue whose copies are still missing; `copiesRuledOut` says that the last round found none.
 */
import { assertTolerance, assertWhole, CheckedProducts, unlessStopped, type WorkControl } from '../checked-products.ts'
import type { LanczosEigenpairs, LanczosOutcome } from '../lanczos.ts'
import type { LinearOperator } from '../linear-operator.ts'
import { withRows, type LongRows, type OpenRows } from '../long-rows.ts'
import type { Random } from '../random.ts'
import { float64Space as space } from '../vector-space.ts'
import { Pauses } from './blocked-rows.ts'
import { basisWithin, restartedLanczosBytes, restartedRows } from './budget.ts'
import { LockedPairs, type OrderedPairs } from './locked-pairs.ts'
import { RestartedRun } from './restarted-run.ts'

export { comfortableBasis, restartedLanczosBytes, restartedRows } from './budget.ts'

export interface RestartedProgress {
  /** Products done, of at most `of`. */
  readonly products: number
  readonly of: number
  /** Pairs converged so far, of `wanted`. */
  readonly locked: number
  readonly wanted: number
  /** Their eigenvalues: the largest descending, then the smallest descending. */
  readonly eigenvalues: Float64Array
  /** Thick restarts so far. */
  readonly cycles: number
  /** All pairs are found, further copies of repeated eigenvalues are looked for. */
  readonly lookingForCopies: boolean
}

export interface RestartedOptions extends WorkControl {
  /** Number of pairs from the upper end. */
  readonly largest: number
  /** Number of pairs from the lower end; 0 by default. */
  readonly smallest?: number
  /** Bytes that the run may hold, the result included; at least `restartedLanczosBytes(n, pairs)`. */
  readonly memoryBytes: number
  /** A pair has converged when its residual is at most this times the largest |λ| seen. */
  readonly tolerance: number
  /** Products of the iteration at most; may exceed the size of the operator. */
  readonly maxProducts: number
  readonly random: Random
  /** Spend one more product per pair to replace the residual bounds by ‖A v − λ v‖. */
  readonly trueResiduals?: boolean
  /** Called after every product. */
  readonly onProgress?: (progress: RestartedProgress) => void | Promise<void>
  /** Opens the store of all vectors; rows of arrays by default. The bits of results do not depend on it. */
  readonly openRows?: OpenRows
}

/** As of `lanczosEigenpairs`; `steps` is the size of the active basis. */
export interface RestartedEigenpairs extends LanczosEigenpairs {
  /** Thick restarts made. */
  readonly cycles: number
  /** Bytes that the run held. */
  readonly bytes: number
  /** A fresh random direction has shown nothing beyond the pairs found. */
  readonly copiesRuledOut: boolean
}

/**
 * Eigenpairs at the ends of the spectrum of a symmetric operator. Stopped early or out of products it gives the
 * converged pairs, filled up with the best Ritz pairs there are. Residuals are bounds, the recurrence's estimate
 * with what earlier locked pairs may add, unless true ones are asked for.
 * Throws for impossible requests, a budget that is too small, and products that are not finite.
 */
export async function restartedLanczos(operator: LinearOperator, options: RestartedOptions): Promise<RestartedEigenpairs> {
  const products = new CheckedProducts(operator, 'restarted lanczos')
  const n = operator.size
  const wanted = checkedPairs(n, options)
  const basis = Math.min(basisWithin(n, wanted, options.memoryBytes), n)
  const { run, end, pairs } = await withRows(options.openRows, n, (store) => found(products, options, store, basis))
  const made = products.count
  const computed = options.trueResiduals === true && end !== 'cancelled' ? await trueResiduals(products, pairs, options) : null
  const residuals = computed ?? pairs.residuals
  const converged = Array.from(residuals, (residual) => residual <= options.tolerance * run.scale)
  return Object.freeze({
    ...pairs,
    residuals,
    residualKind: computed ? 'true' : 'ritz-estimate',
    converged,
    products: made,
    verificationProducts: products.count - made,
    steps: basis,
    restarts: run.breakdowns,
    outcome: outcomeOf(end, converged),
    cycles: run.cycles,
    bytes: restartedLanczosBytes(n, wanted, basis),
    copiesRuledOut: run.copiesRuledOut,
  })
}

interface Found {
  readonly run: RestartedRun
  readonly end: LanczosOutcome
  readonly pairs: OrderedPairs
}

async function found(products: CheckedProducts, options: RestartedOptions, store: LongRows, basis: number): Promise<Found> {
  const { largest, smallest = 0, maxProducts, tolerance, random, shouldStop, onProgress } = options
  const locked = new LockedPairs(store, { largest, smallest })
  store.reserve(restartedRows(locked.wanted, basis))
  const run = new RestartedRun(products, { store, locked, basis, random, tolerance, maxProducts, pauses: new Pauses(options.rest), shouldStop })
  const end = await run.iterate(async () =>
    onProgress?.({
      products: products.count,
      of: maxProducts,
      locked: locked.count,
      wanted: locked.wanted,
      eigenvalues: locked.allValues(),
      cycles: run.cycles,
      lookingForCopies: locked.isComplete,
    }),
  )
  await run.fillUp()
  return { run, end, pairs: locked.ordered() }
}

function outcomeOf(end: LanczosOutcome, converged: readonly boolean[]): LanczosOutcome {
  return end === 'converged' && converged.includes(false) ? 'breakdown' : end
}

function checkedPairs(n: number, { largest, smallest = 0, maxProducts, tolerance, memoryBytes }: RestartedOptions): number {
  const method = 'restarted lanczos'
  assertWhole(method, 'largest', largest, 0)
  assertWhole(method, 'smallest', smallest, 0)
  const wanted = largest + smallest
  if (wanted === 0) throw new RangeError(`${method}: largest=0 and smallest=0 ask for nothing; ask for at least one pair`)
  if (wanted > n) {
    throw new RangeError(`${method}: largest=${largest} and smallest=${smallest} exceed operator size ${n}; choose at most ${n} in all`)
  }
  assertWhole(method, 'maxProducts', maxProducts, 0)
  if (maxProducts < wanted) {
    throw new RangeError(`${method}: maxProducts=${maxProducts} cannot give ${wanted} pairs; allow at least ${wanted}`)
  }
  assertTolerance(method, tolerance)
  if (Number.isNaN(memoryBytes)) throw new RangeError(`${method}: memoryBytes=NaN is not a number of bytes`)
  return wanted
}

/** ‖A v − λ v‖ of every pair, or null when asked to stop meanwhile. */
async function trueResiduals(products: CheckedProducts, { eigenvalues, eigenvectors }: OrderedPairs, control: WorkControl): Promise<Float64Array | null> {
  const n = products.size
  const residuals = new Float64Array(eigenvalues.length)
  const y = new Float64Array(n)
  for (let i = 0; i < residuals.length; i++) {
    const v = eigenvectors.slice(i * n, (i + 1) * n)
    if (!(await unlessStopped(control, () => products.apply(v, y)))) return null
    space.axpy(-eigenvalues[i], v, y)
    residuals[i] = space.norm(y)
  }
  return residuals
}
