/** An orthonormal basis V with its products W = A V, and Rayleigh–Ritz on it. */
import type { CheckedProducts } from '../checked-products.ts'
import { symmetricEigen } from '../symmetric-eigen.ts'
import { dot, float64Space as space } from '../vector-space.ts'

/** What is left of a direction, relative to it, when rounding is all that was left. */
const ROUNDING = 1e-10
/** A pass that keeps half the norm has left nothing to remove. */
const SETTLED_FRACTION = 0.5
const MAX_PASSES = 4

/** Ritz pairs of the subspace, m of them. */
export interface RitzPairs {
  /** (m) descending. */
  readonly values: Float64Array
  /** m rows of length m: each Ritz vector in terms of the basis. */
  readonly weights: readonly Float64Array[]
}

export class Subspace {
  readonly #products: CheckedProducts
  readonly #basis: Float64Array[] = []
  readonly #images: Float64Array[] = []
  /** Rows of the lower triangle of VᵀAV. */
  readonly #projected: number[][] = []

  constructor(products: CheckedProducts) {
    this.#products = products
  }

  get dimension(): number {
    return this.#basis.length
  }

  get isWhole(): boolean {
    return this.dimension === this.#products.size
  }

  /**
   * The part of x orthogonal to the subspace and to `others`, normalised; null when less than `least` of its
   * norm is left.
   */
  orthonormalPart(x: Float64Array, others: readonly Float64Array[] = [], least = ROUNDING): Float64Array | null {
    const length = space.norm(x)
    if (!(length > 0)) return null
    const y = x.map((entry) => entry / length)
    const rows = [...this.#basis, ...others]
    let rest = projectedNorm(rows, y)
    if (!(rest > least)) return null
    for (let pass = 2; pass <= MAX_PASSES; pass++) {
      space.scale(1 / rest, y)
      rest = projectedNorm(rows, y)
      if (rest >= SETTLED_FRACTION) {
        space.scale(1 / rest, y)
        return y
      }
    }
    return null
  }

  /** Takes an orthonormal direction in, at one product. */
  async add(direction: Float64Array): Promise<void> {
    const image = new Float64Array(direction.length)
    await this.#products.apply(direction, image)
    this.#basis.push(direction)
    this.#images.push(image)
    this.#projected.push(this.#basis.map((row) => dot(row, image)))
  }

  ritzPairs(): RitzPairs {
    const m = this.dimension
    const matrix = new Float64Array(m * m)
    this.#projected.forEach((row, i) =>
      row.forEach((entry, j) => {
        matrix[i * m + j] = entry
        matrix[j * m + i] = entry
      }),
    )
    const { eigenvalues, eigenvectors } = symmetricEigen(matrix, m)
    return { values: eigenvalues, weights: Array.from({ length: m }, (_, i) => eigenvectors.subarray(i * m, (i + 1) * m)) }
  }

  /** V s, (n). */
  vector(weights: Float64Array): Float64Array {
    return this.#combined(this.#basis, weights)
  }

  /** A V s − θ V s, (n). */
  residual(value: number, weights: Float64Array): Float64Array {
    const residual = this.#combined(this.#images, weights)
    space.addCombination(this.#basis, weights.map((weight) => value * weight), residual, -1)
    return residual
  }

  /** Keeps the span of the first `count` Ritz vectors, at no product. */
  restart({ values, weights }: RitzPairs, count: number): void {
    const kept = weights.slice(0, count)
    const basis = kept.map((row) => this.#combined(this.#basis, row))
    const images = kept.map((row) => this.#combined(this.#images, row))
    this.#basis.splice(0, this.#basis.length, ...basis)
    this.#images.splice(0, this.#images.length, ...images)
    const diagonal = kept.map((_, i) => Array.from({ length: i + 1 }, (_entry, j) => (i === j ? values[i] : 0)))
    this.#projected.splice(0, this.#projected.length, ...diagonal)
  }

  #combined(rows: readonly Float64Array[], weights: Float64Array): Float64Array {
    const sum = new Float64Array(this.#products.size)
    space.addCombination(rows, weights, sum, 1)
    return sum
  }
}

function projectedNorm(rows: readonly Float64Array[], y: Float64Array): number {
  space.projectOut(rows, y)
  return space.norm(y)
}
