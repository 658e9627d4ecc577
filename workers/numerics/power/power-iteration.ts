/** Power iteration, step by step: x ← A x / ‖A x‖ tends to the eigenvector of the eigenvalue largest in size. */
import { assertTolerance, assertWhole, CheckedProducts, unlessStopped, type WorkControl } from '../checked-products.ts'
import type { LinearOperator } from '../linear-operator.ts'
import type { Random } from '../random.ts'
import { conventionalSign } from '../sign-convention.ts'
import { dot, float64Space as space } from '../vector-space.ts'
import { angleOf } from './angle.ts'
import { startVector } from './start-vector.ts'

/** `converged`: the residual reached the tolerance; `breakdown`: the product vanished, so that there is no next vector. */
export type PowerOutcome = 'converged' | 'max-steps' | 'breakdown' | 'cancelled'

/** One step, taken from the vector x before it. */
export interface PowerStep {
  /** Products so far, from 1. */
  readonly step: number
  readonly of: number
  /** ρ = xᵀAx. */
  readonly rayleighQuotient: number
  /** ‖A x − ρ x‖: an eigenvalue lies within this distance of ρ. */
  readonly residual: number
  /** Angle between x and A x as lines, in radians, 0 to π/2; 0 when the product vanished. */
  readonly angle: number
}

export interface PowerOptions extends WorkControl {
  /** Products at most. */
  readonly steps: number
  readonly random: Random
  /** (n) first vector, any length but zero; random when absent. */
  readonly start?: Float64Array
  /** Ends when the residual is at most this times |ρ|; 0 by default, which only an exact eigenvector meets. */
  readonly tolerance?: number
  readonly onStep?: (step: PowerStep) => void | Promise<void>
}

export interface PowerResult {
  /** (m) ρ of the vector before each product. */
  readonly rayleighQuotients: Float64Array
  /** (m) its residual ‖A x − ρ x‖. */
  readonly residuals: Float64Array
  /** (m) radians between the vector before each product and the one after it. */
  readonly angles: Float64Array
  /** (n) unit vector after the last product, largest |entry| positive. */
  readonly vector: Float64Array
  readonly products: number
  readonly outcome: PowerOutcome
}

/** Throws a RangeError for impossible requests and when a product is not finite. */
export async function powerIteration(operator: LinearOperator, options: PowerOptions): Promise<PowerResult> {
  const { steps, tolerance = 0 } = options
  const products = new CheckedProducts(operator, 'power iteration')
  assertWhole('power iteration', 'steps', steps, 1)
  assertTolerance('power iteration', tolerance)
  const x = startVector('power iteration', products.size, options)
  const y = new Float64Array(products.size)
  const history: PowerStep[] = []
  let outcome: PowerOutcome = 'max-steps'
  while (outcome === 'max-steps' && history.length < steps) {
    if (!(await unlessStopped(options, () => products.apply(x, y)))) {
      outcome = 'cancelled'
      break
    }
    const step = advance(x, y, history.length + 1, steps)
    history.push(step)
    if (y.every((entry) => entry === 0)) outcome = 'breakdown'
    else if (step.residual <= tolerance * Math.abs(step.rayleighQuotient)) outcome = 'converged'
    await options.onStep?.(step)
  }
  if (conventionalSign(x) < 0) space.scale(-1, x)
  return Object.freeze({
    rayleighQuotients: Float64Array.from(history, ({ rayleighQuotient }) => rayleighQuotient),
    residuals: Float64Array.from(history, ({ residual }) => residual),
    angles: Float64Array.from(history, ({ angle }) => angle),
    vector: x,
    products: history.length,
    outcome,
  })
}

/** Records the step from x to y = A x and puts y / ‖y‖ into x, unless y is zero. */
function advance(x: Float64Array, y: Float64Array, step: number, of: number): PowerStep {
  const rayleighQuotient = dot(x, y)
  const rest = y.slice()
  space.axpy(-rayleighQuotient, x, rest) // A x − ρ x, (n)
  const residual = space.norm(rest)
  const length = space.norm(y)
  if (length === 0) return { step, of, rayleighQuotient, residual, angle: 0 }
  x.set(y)
  // In two factors: the inverse of a subnormal length would overflow.
  space.scale(1 / Math.max(length, Number.MIN_VALUE * 2 ** 60), x)
  space.scale(1 / space.norm(x), x)
  return { step, of, rayleighQuotient, residual, angle: angleOf(residual, Math.abs(rayleighQuotient)) }
}
