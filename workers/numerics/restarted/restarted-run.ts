/** The cycles of the restarted iteration: fill the basis, lock what has converged, restart from the rest. */
import { unlessStopped, type CheckedProducts } from '../checked-products.ts'
import type { LanczosOutcome } from '../lanczos.ts'
import type { LongRows } from '../long-rows.ts'
import type { Random } from '../random.ts'
import { projectOutRows, type Pauses } from './blocked-rows.ts'
import type { LockedPairs, SpectrumEnd } from './locked-pairs.ts'
import { anyBeyond, placesToKeep, select, type Allowance, type Selection } from './selection.ts'
import { ThickBasis, type RitzPairs } from './thick-basis.ts'

/** Steps between two looks at the Ritz pairs while the basis fills, as a share of it. */
const LOOKS_PER_FILL = 4
const FEWEST_STEPS_BETWEEN_LOOKS = 10
/** A random direction holds some 1/√n of a missing vector; these many products bring it up. */
const STEPS_TO_RULE_OUT = 30

export interface RunSettings {
  /** The locked pairs and, behind them, the basis. */
  readonly store: LongRows
  readonly locked: LockedPairs
  readonly basis: number
  readonly random: Random
  readonly tolerance: number
  readonly maxProducts: number
  readonly pauses: Pauses
  readonly shouldStop: (() => boolean) | undefined
}

export class RestartedRun {
  /** Thick restarts so far. */
  cycles = 0
  /** Largest |Ritz value| seen. */
  scale = 0
  copiesRuledOut = false
  readonly #products: CheckedProducts
  readonly #settings: RunSettings
  readonly #basis: ThickBasis
  /** Products of the round, that is since the last random beginning. */
  #roundProducts = 0
  /** The round began when all pairs were locked, and has brought up further ones. */
  #roundFound = false
  #roundRulesOut = false

  constructor(products: CheckedProducts, settings: RunSettings) {
    this.#products = products
    this.#settings = settings
    const { store, locked, basis } = settings
    const place = { store, first: locked.wanted, capacity: basis }
    this.#basis = new ThickBasis(products, place, () => locked.rows(), settings.random, settings.pauses)
  }

  /** Exact breakdowns, each continued with a random vector. */
  get breakdowns(): number {
    return this.#basis.breakdowns
  }

  /** Cycles until all is found, the products run out or a stop is asked for; `report` is called after every product. */
  async iterate(report: () => Promise<void>): Promise<LanczosOutcome> {
    const { locked, maxProducts, shouldStop, pauses } = this.#settings
    try {
      await this.#beginRound()
      while (!this.copiesRuledOut) {
        if (shouldStop?.()) return 'cancelled'
        if (this.#products.count >= maxProducts) return locked.isComplete ? 'converged' : 'max-steps'
        const made = await this.#basis.step((x, y) => unlessStopped({ ...(shouldStop && { shouldStop }) }, () => this.#products.apply(x, y)))
        if (!made) return 'cancelled'
        this.#roundProducts++
        if (this.#isTimeToLook()) await this.#look()
        await pauses.now()
        pauses.throwFailure()
        await report()
      }
      return 'converged'
    } catch (error) {
      // A rest or a report that gave up because of the request to stop.
      if (shouldStop?.()) return 'cancelled'
      throw error
    }
  }

  /** Puts the best Ritz pairs there are where pairs are missing. */
  async fillUp(): Promise<void> {
    const { locked } = this.#settings
    if (locked.isComplete || this.#basis.filled === 0) return
    const ritz = this.#basis.ritzPairs()
    this.#see(ritz)
    const m = ritz.values.length
    const upper = Math.min(locked.missing('largest'), m)
    const lower = Math.min(locked.missing('smallest'), m - upper)
    const places = Array.from({ length: upper + lower }, (_, i) => (i < upper ? i : m - 1 - (i - upper)))
    const extracted = places.map((place, i) => ({
      place,
      target: locked.add(i < upper ? 'largest' : 'smallest', ritz.values[place], ritz.residuals[place]),
    }))
    await this.#basis.restart(ritz, [], extracted)
  }

  #isTimeToLook(): boolean {
    const { locked, basis } = this.#settings
    const { isFull, filled } = this.#basis
    if (isFull || filled < locked.missing('largest') + locked.missing('smallest')) return isFull
    return filled % Math.max(FEWEST_STEPS_BETWEEN_LOOKS, Math.ceil(basis / LOOKS_PER_FILL)) === 0
  }

  async #look(): Promise<void> {
    const { locked } = this.#settings
    const ritz = this.#basis.ritzPairs()
    this.#see(ritz)
    const selection = select(ritz, locked, this.#allowance())
    const ended = this.#roundEnds(selection)
    if (!ended && !this.#basis.isFull) return
    if (locked.isComplete && selection.locks.length > 0) this.#roundFound = true
    await this.#lockAndRestart(ritz, selection)
    if (!ended) return
    this.copiesRuledOut = !this.#roundFound && (this.#roundRulesOut || this.#nothingBeyondIsLeft(ritz, selection))
    if (!this.copiesRuledOut) await this.#beginRound()
  }

  /** A round that found the pairs ends with them; one that looks for copies ends when there is nothing beyond. */
  #roundEnds(selection: Selection): boolean {
    if (!selection.complete) return false
    if (!this.#roundRulesOut || this.#basis.exhausted) return true
    return selection.nothingBeyond && this.#roundProducts >= STEPS_TO_RULE_OUT
  }

  /** Where the whole space has been seen, the pairs that remain decide. */
  #nothingBeyondIsLeft({ values }: RitzPairs, { remaining }: Selection): boolean {
    const left = remaining.map((place) => values[place])
    return this.#basis.exhausted && !anyBeyond(left, this.#settings.locked, this.#allowance().converged)
  }

  async #beginRound(): Promise<void> {
    this.#roundProducts = 0
    this.#roundFound = false
    this.#roundRulesOut = this.#settings.locked.isComplete
    await this.#basis.begin()
    // The locked pairs may fill the space: nothing is left to look at.
    if (this.#basis.exhausted) this.copiesRuledOut = true
  }

  async #lockAndRestart(ritz: RitzPairs, { locks, remaining }: Selection): Promise<void> {
    const { locked, basis } = this.#settings
    const before = locked.rows()
    const extracted = locks.map(({ place, end }) => ({ place, target: locked.add(end, ritz.values[place], ritz.residuals[place]) }))
    const room = Math.min(Math.floor(basis / 2), this.#products.size - locked.count - 1)
    const kept = placesToKeep(remaining, this.#openEnds(), Math.max(0, room))
    await this.#basis.restart(ritz, kept, extracted)
    this.cycles++
    for (const { target } of extracted) await this.#cleanse(target, before)
  }

  /** Removes what rounding has left of the rows locked before. */
  async #cleanse(row: number, before: readonly number[]): Promise<void> {
    const { store, pauses } = this.#settings
    await projectOutRows(store, before.filter((other) => other !== row), row, pauses)
    store.scale(1 / store.norm(row), row)
  }

  /** Ends where pairs are still looked for. */
  #openEnds(): SpectrumEnd[] {
    const { locked } = this.#settings
    const ends: SpectrumEnd[] = ['largest', 'smallest']
    return locked.isComplete
      ? ends.filter((end) => locked.values(end).length > 0)
      : ends.filter((end) => locked.missing(end) > 0)
  }

  #see({ values }: RitzPairs): void {
    this.scale = Math.max(this.scale, Math.abs(values[0]), Math.abs(values[values.length - 1]))
  }

  /** Residuals of earlier pairs add up in later ones: half the tolerance is shared among them. */
  #allowance(): Allowance {
    const { locked, tolerance } = this.#settings
    const converged = tolerance * this.scale
    return { converged, lock: converged / (2 * Math.sqrt(locked.wanted)) }
  }
}
