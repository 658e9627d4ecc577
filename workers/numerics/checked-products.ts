/** What the iterative methods share: products that are counted and checked, requests to stop, whole-number settings. */
import type { LinearOperator } from './linear-operator.ts'

/** How a method gives way to other work and learns that it is no longer wanted. */
export interface WorkControl {
  /** Awaited after every product and between pieces of long work; it may throw once `shouldStop` is true. */
  readonly rest?: () => Promise<void>
  /** Asked before every product, and when a product or a rest fails. */
  readonly shouldStop?: () => boolean
}

/** The operator itself, with its products counted and checked. Throws for size 0 and where symmetry is not declared. */
export class CheckedProducts implements LinearOperator {
  readonly size: number
  readonly symmetric = true
  /** Products made so far. */
  count = 0
  readonly #operator: LinearOperator
  readonly #method: string

  /** @param method name of the caller, for the error texts */
  constructor(operator: LinearOperator, method: string) {
    if (!operator.symmetric) throw new TypeError(`${method}: the operator is not declared symmetric; this method needs A = Aᵀ`)
    if (operator.size === 0) throw new RangeError(`${method}: the matrix has size 0; select at least one parameter`)
    this.size = operator.size
    this.#operator = operator
    this.#method = method
  }

  /** y ← A x. Throws when an entry of y is not finite. */
  async apply(x: Float64Array, y: Float64Array): Promise<void> {
    await this.#operator.apply(x, y)
    this.count++
    for (let i = 0; i < y.length; i++) {
      if (!Number.isFinite(y[i])) throw this.#notFinite(y[i], i)
    }
  }

  #notFinite(value: number, entry: number): RangeError {
    return new RangeError(
      `${this.#method}: a product with the matrix is not finite: product ${this.count} is ${value} at entry ${entry}, where a finite number is needed; ` +
        'the network has diverged or its values overflow, so take weights whose loss is finite',
    )
  }
}

/**
 * Does a piece of work and rests. False when the request to stop came before it, or made it fail: an operator
 * and a rest may give up in the middle once the request is there.
 */
export async function unlessStopped({ rest, shouldStop }: WorkControl, work: () => void | Promise<void>): Promise<boolean> {
  if (shouldStop?.()) return false
  try {
    await work()
    await rest?.()
    return true
  } catch (error) {
    if (shouldStop?.()) return false
    throw error
  }
}

/** Throws unless the setting is a whole number within its limits. */
export function assertWhole(method: string, name: string, value: number, least: number, most = Infinity): void {
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(`${method}: ${name}=${value} is not a whole number from ${least} on`)
  }
  if (value > most) throw new RangeError(`${method}: ${name}=${value} exceeds operator size ${most}; choose at most ${most}`)
}

/** Throws unless the tolerance is a finite number from 0 on. */
export function assertTolerance(method: string, tolerance: number): void {
  if (!(tolerance >= 0 && tolerance < Infinity)) {
    throw new RangeError(`${method}: tolerance=${tolerance} is not a finite number from 0 on`)
  }
}
