/**
 * The largest eigenpairs of a matrix that changes slowly, begun from those of the matrix before.
 *
 * Rayleigh–Ritz on the previous vectors and one fresh direction, then the subspace grows by the residuals of the
 * pairs that are not good enough (Davidson's method without preconditioner, Davidson 1975): from a single direction
 * that is the Krylov space of Lanczos, from several a block Krylov space grown where it pays most. The subspace is
 * restarted from its best Ritz vectors when it is full.
 *
 * Residuals say that the pairs are eigenpairs, not that they are the largest ones. A warm run therefore follows the
 * fresh direction for `guardProducts` products as well. A new outlier λ above a bulk that ends at b grows in it
 * by about e^acosh(2λ/b − 1) per product from its share 1/√n of a random direction: of 40,000 entries, 8 products
 * show one at 1.2 b. The gradient as `extra` holds far more of the top eigenvectors than a random direction.
 *
 * It pays while the change of the matrix is of the order of the tolerance: k products and the guard then suffice, a
 * quarter of a run from scratch in the test. Where the previous vectors are wrong by a thousand tolerances they
 * help no more than a random one, and to begin from scratch costs less.
 *
 * Copies of repeated eigenvalues are found, as by Lanczos, where the subspace becomes invariant and a random direction
 * goes on, until that changes nothing; otherwise by chance only.
 */
import { assertTolerance, assertWhole, CheckedProducts } from '../checked-products.ts'
import type { LanczosOutcome } from '../lanczos.ts'
import type { LinearOperator } from '../linear-operator.ts'
import { fixRowSigns } from '../sign-convention.ts'
import { Subspace } from './subspace.ts'
import { WarmRun, type WarmOptions } from './warm-run.ts'

export type { WarmOptions, WarmProgress } from './warm-run.ts'

export interface WarmEigenpairs {
  /** (k) descending; fewer than asked when stopped early. */
  readonly eigenvalues: Float64Array
  /** [k, n] unit eigenvectors as rows, largest |entry| positive: the start of the next run. */
  readonly eigenvectors: Float64Array
  /** (k) ‖A v − λ v‖, from the products made. */
  readonly residuals: Float64Array
  /** (k) residual within the tolerance. */
  readonly converged: readonly boolean[]
  readonly products: number
  /** An upper bound of the smallest eigenvalue; NaN before the first product. */
  readonly smallestRitzValue: number
  /** `breakdown`: the whole space is spanned and a residual is still above the tolerance. */
  readonly outcome: LanczosOutcome
}

const GUARD_PRODUCTS = 8
const ROOM = 60

/**
 * @param start [k′, n] rows of the previous vectors, of any number and length but finite; null to begin from scratch
 *
 * Holds 2·`basis` vectors of float64. Throws a RangeError for impossible requests and when a product is not finite.
 */
export async function warmEigenpairs(operator: LinearOperator, start: Float64Array | null, options: WarmOptions): Promise<WarmEigenpairs> {
  const products = new CheckedProducts(operator, 'warm eigenpairs')
  const basis = checkedBasis(operator.size, start, options)
  const run = new WarmRun(new Subspace(products), products, {
    ...options,
    basis,
    guardProducts: start === null ? 0 : (options.guardProducts ?? GUARD_PRODUCTS),
  })
  const end = await run.iterate(rowsOf(start, operator.size))
  const { values, vectors, residuals, converged } = run.pairs()
  fixRowSigns(vectors, operator.size)
  return Object.freeze({
    eigenvalues: values,
    eigenvectors: vectors,
    residuals,
    converged,
    products: products.count,
    smallestRitzValue: run.smallest,
    outcome: end === 'converged' && converged.includes(false) ? 'breakdown' : end,
  })
}

function checkedBasis(n: number, start: Float64Array | null, options: WarmOptions): number {
  const method = 'warm eigenpairs'
  const { count, maxProducts, tolerance, guardProducts = 0, extra } = options
  assertWhole(method, 'count', count, 1, n)
  assertWhole(method, 'maxProducts', maxProducts, 0)
  if (maxProducts < count) throw new RangeError(`${method}: maxProducts=${maxProducts} cannot give ${count} pairs; allow at least ${count}`)
  assertTolerance(method, tolerance)
  assertWhole(method, 'guardProducts', guardProducts, 0)
  assertDirections('start', start, n)
  if (extra !== undefined && extra.length !== n) throw new RangeError(`${method}: extra has length ${extra.length}, the operator has size ${n}`)
  assertDirections('extra', extra ?? null, n)
  const basis = options.basis ?? Math.max(3 * count, count + ROOM)
  assertWhole(method, 'basis', basis, count + 4)
  return Math.min(n, basis)
}

function assertDirections(name: string, values: Float64Array | null, n: number): void {
  if (values === null) return
  if (values.length % n !== 0) throw new RangeError(`warm eigenpairs: ${name} has ${values.length} entries, which are no rows of ${n}`)
  const at = values.findIndex((value) => !Number.isFinite(value))
  if (at >= 0) throw new RangeError(`warm eigenpairs: ${name} is ${values[at]} at entry ${at}; give finite vectors, or null to begin from scratch`)
}

function rowsOf(start: Float64Array | null, n: number): Float64Array[] {
  return Array.from({ length: (start?.length ?? 0) / n }, (_, i) => (start ?? new Float64Array(0)).subarray(i * n, (i + 1) * n))
}
