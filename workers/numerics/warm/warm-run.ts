/** The iteration of the warm start: Rayleigh–Ritz, then directions where pairs are not good enough. */
import { unlessStopped, type CheckedProducts, type WorkControl } from '../checked-products.ts'
import type { LanczosOutcome } from '../lanczos.ts'
import type { Random } from '../random.ts'
import { float64Space as space } from '../vector-space.ts'
import type { RitzPairs, Subspace } from './subspace.ts'

/** Residuals added at a time: more would span what a few products later is known better. */
const BLOCK = 4
/** A residual that is this much inside those just added says nothing new. */
const NEW_SHARE = 0.1

export interface WarmProgress {
  /** Products done, of at most `of`. */
  readonly products: number
  readonly of: number
  /** Best values so far, descending; fewer than asked for in the first products. */
  readonly values: Float64Array
  /** ‖A v − λ v‖ of each. */
  readonly residuals: Float64Array
}

export interface WarmOptions extends WorkControl {
  /** k, number of pairs from the upper end. */
  readonly count: number
  /** A pair has converged when its residual is at most this times the largest |λ| seen. */
  readonly tolerance: number
  readonly maxProducts: number
  readonly random: Random
  /** (n) fresh direction, such as the gradient; random when absent, zero, or within the previous subspace. */
  readonly extra?: Float64Array
  /** Products after convergence that look for a larger pair outside; 8 by default, none from scratch. */
  readonly guardProducts?: number
  /** Most directions held at a time, each with its product; max(3k, k + 60) by default, at least k + 4. */
  readonly basis?: number
  /** Called after every Rayleigh–Ritz step. */
  readonly onStep?: (progress: WarmProgress) => void | Promise<void>
}

/** A random direction holds some 1/√n of a missing vector; these many products bring it up. */
const PRODUCTS_TO_RULE_OUT = 12

type Settings = WarmOptions & Required<Pick<WarmOptions, 'basis' | 'guardProducts'>>

/** Went on where the subspace was invariant: copies of the values found may exist outside. */
interface RandomDirection {
  /** Wanted values before it. */
  readonly before: Float64Array
  /** Products made before it. */
  readonly products: number
}

/** What a Rayleigh–Ritz step found. */
interface Findings {
  readonly ritz: RitzPairs
  /** (≤ k) ‖A v − λ v‖. */
  readonly residuals: Float64Array
  /** Residual vectors that are too large, the largest first. */
  readonly open: readonly Float64Array[]
}

export interface FoundPairs {
  readonly values: Float64Array
  /** [k, n] rows. */
  readonly vectors: Float64Array
  readonly residuals: Float64Array
  readonly converged: readonly boolean[]
}

export class WarmRun {
  /** Smallest Ritz value seen. */
  smallest = NaN
  readonly #subspace: Subspace
  readonly #products: CheckedProducts
  readonly #settings: Settings
  /** Largest |Ritz value| seen. */
  #scale = 0
  #guardLeft: number
  #lastRandom: RandomDirection | null = null

  constructor(subspace: Subspace, products: CheckedProducts, settings: Settings) {
    this.#subspace = subspace
    this.#products = products
    this.#settings = settings
    this.#guardLeft = settings.guardProducts
  }

  /** @param start directions to begin with, beside the fresh one */
  async iterate(start: readonly Float64Array[]): Promise<LanczosOutcome> {
    const first = await this.#addAll(this.#beginning(start))
    if (first !== null) return first
    for (;;) {
      const findings = this.#rayleighRitz()
      const { values } = findings.ritz
      await this.#settings.onStep?.({
        products: this.#products.count,
        of: this.#settings.maxProducts,
        values: values.slice(0, this.#settings.count),
        residuals: findings.residuals,
      })
      if (this.#subspace.isWhole || this.#isDone(findings)) return 'converged'
      const directions = this.#expansion(findings)
      if (this.#subspace.dimension + directions.length > this.#settings.basis) this.#shrink(findings.ritz)
      const end = await this.#addAll(directions)
      if (end !== null) return end
    }
  }

  /** The best pairs of what has been made. */
  pairs(): FoundPairs {
    const { ritz, residuals } = this.#subspace.dimension === 0 ? NOTHING : this.#rayleighRitz()
    const n = this.#products.size
    const values = ritz.values.slice(0, residuals.length)
    const vectors = new Float64Array(values.length * n)
    values.forEach((_, i) => {
      const v = this.#subspace.vector(ritz.weights[i])
      space.scale(1 / space.norm(v), v)
      vectors.set(v, i * n)
    })
    return { values, vectors, residuals, converged: Array.from(residuals, (residual) => residual <= this.#allowed) }
  }

  get #allowed(): number {
    return this.#settings.tolerance * this.#scale
  }

  #beginning(start: readonly Float64Array[]): Float64Array[] {
    const directions: Float64Array[] = []
    for (const row of start.slice(0, this.#settings.basis - 1)) {
      const part = this.#subspace.orthonormalPart(row, directions)
      if (part !== null) directions.push(part)
    }
    if (directions.length === this.#products.size) return directions
    const { extra } = this.#settings
    const given = extra === undefined ? null : this.#subspace.orthonormalPart(extra, directions)
    return [...directions, given ?? this.#randomDirection(directions)]
  }

  #randomDirection(others: readonly Float64Array[] = []): Float64Array {
    for (;;) {
      const part = this.#subspace.orthonormalPart(space.random(this.#products.size, this.#settings.random), others)
      if (part !== null) return part
    }
  }

  /** One product for each direction; the outcome when that is the end. */
  async #addAll(directions: readonly Float64Array[]): Promise<LanczosOutcome | null> {
    for (const direction of directions) {
      if (this.#products.count >= this.#settings.maxProducts) return 'max-steps'
      if (!(await unlessStopped(this.#settings, () => this.#subspace.add(direction)))) return 'cancelled'
    }
    return null
  }

  #rayleighRitz(): Findings {
    const ritz = this.#subspace.ritzPairs()
    const { values, weights } = ritz
    const last = values[values.length - 1]
    this.#scale = Math.max(this.#scale, Math.abs(values[0]), Math.abs(last))
    this.smallest = this.smallest < last ? this.smallest : last
    const vectors = weights.slice(0, this.#settings.count).map((row, i) => this.#subspace.residual(values[i], row))
    const residuals = Float64Array.from(vectors, (vector) => space.norm(vector))
    const places = Array.from(residuals, (_, i) => i).filter((i) => residuals[i] > this.#allowed)
    places.sort((i, j) => residuals[j] - residuals[i])
    return { ritz, residuals, open: places.map((i) => vectors[i]) }
  }

  #isDone({ ritz, residuals, open }: Findings): boolean {
    if (residuals.length < this.#settings.count || open.length > 0 || this.#guardLeft > 0) return false
    const nothingRises = this.#nothingRises(ritz)
    return this.#lastRandom === null ? !nothingRises : nothingRises && this.#changedNothing(ritz, this.#lastRandom)
  }

  /** The subspace is invariant, or what grew from the last random direction for a while stays below the wanted values. */
  #nothingRises({ values, weights }: RitzPairs): boolean {
    const { count } = this.#settings
    const place = this.#unsettledPlace({ values, weights })
    if (place === null) return true
    if (this.#lastRandom === null || this.#products.count < this.#lastRandom.products + PRODUCTS_TO_RULE_OUT) return false
    const size = space.norm(this.#subspace.residual(values[place], weights[place]))
    return values[place] + size <= values[count - 1] + this.#allowed
  }

  #changedNothing(ritz: RitzPairs, { before }: RandomDirection): boolean {
    return before.length >= this.#settings.count && before.every((value, i) => ritz.values[i] <= value + this.#allowed)
  }

  /** First pair below the wanted ones that is no eigenpair yet. */
  #unsettledPlace({ values, weights }: RitzPairs): number | null {
    for (let i = this.#settings.count; i < values.length; i++) {
      if (space.norm(this.#subspace.residual(values[i], weights[i])) > this.#allowed) return i
    }
    return null
  }

  /** Directions that the residuals give, or a random one where they give none. */
  #expansion({ ritz, open }: Findings): Float64Array[] {
    const wanted = open.length > 0 ? open : this.#guard(ritz)
    const directions: Float64Array[] = []
    for (const residual of wanted.slice(0, BLOCK)) {
      const part = this.#subspace.orthonormalPart(residual, directions, directions.length === 0 ? undefined : NEW_SHARE)
      if (part !== null) directions.push(part)
    }
    if (directions.length > 0) return directions
    this.#lastRandom = { before: ritz.values.slice(0, this.#settings.count), products: this.#products.count }
    return [this.#randomDirection()]
  }

  /** Residual of the best pair outside the wanted ones, if it may rise to them. */
  #guard(ritz: RitzPairs): Float64Array[] {
    this.#guardLeft = Math.max(0, this.#guardLeft - 1)
    const place = this.#nothingRises(ritz) ? null : this.#unsettledPlace(ritz)
    return place === null ? [] : [this.#subspace.residual(ritz.values[place], ritz.weights[place])]
  }

  /** Restarts with the wanted pairs and half of the room beside them. */
  #shrink(ritz: RitzPairs): void {
    const { basis, count } = this.#settings
    this.#subspace.restart(ritz, count + Math.floor((basis - BLOCK - count) / 2))
  }
}

const NOTHING: Pick<Findings, 'ritz' | 'residuals'> = {
  ritz: { values: new Float64Array(0), weights: [] },
  residuals: new Float64Array(0),
}
