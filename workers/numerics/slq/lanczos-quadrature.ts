/**
 * Stochastic Lanczos quadrature: the spectral density of a symmetric operator from a few random directions
 * (Golub and Welsch 1969; Ubaru, Chen and Saad 2017; Ghorbani, Krishnan and Xiao 2019).
 *
 * For a unit vector v, m Lanczos steps give the m-point Gauss quadrature of the measure Σᵢ (uᵢᵀv)² δ(λ − λᵢ): its
 * nodes are the Ritz values, its weights the squared first components of their eigenvectors. It is exact for
 * polynomials of degree 2m − 1. Over random directions the measure has the mean (1/n) Σᵢ δ(λ − λᵢ).
 *
 * Directions are uniform on the unit sphere (normalised Gaussian vectors), not Rademacher: their law is the same
 * in every basis, so the error depends on the spectrum alone and not on how the eigenvectors lie to the axes.
 */
import { assertWhole, CheckedProducts, unlessStopped, type WorkControl } from '../checked-products.ts'
import { LanczosProcess } from '../lanczos-process.ts'
import type { LinearOperator } from '../linear-operator.ts'
import { withRows, type LongRows, type OpenRows } from '../long-rows.ts'
import type { Random } from '../random.ts'
import { float64Space as space } from '../vector-space.ts'
import { gaussRow, joinedRows, type ProbeQuadrature, type SpectralQuadrature } from './spectral-quadrature.ts'

/** `breakdown`: every probe ended in an invariant subspace, and more steps would not change the result. */
export type SlqOutcome = 'max-steps' | 'breakdown' | 'cancelled'

/** A probe that is finished. */
export interface SlqProbe extends ProbeQuadrature {
  /** Probes finished with this one, of `of`. */
  readonly probesDone: number
  readonly of: number
  /** Products so far. */
  readonly products: number
}

export interface SlqStep {
  /** Probe at work, from 0. */
  readonly probe: number
  readonly probes: number
  /** Its steps done, of at most `steps`. */
  readonly step: number
  readonly steps: number
}

export interface SlqOptions extends WorkControl {
  readonly probes: number
  /** Lanczos steps of each probe, at most the size of the operator. */
  readonly steps: number
  /** The probes drawn from it do not depend on the number of steps. */
  readonly random: Random
  readonly onProbe?: (probe: SlqProbe) => void | Promise<void>
  readonly onStep?: (step: SlqStep) => void | Promise<void>
  /** Opens the store of the basis, one for all probes; rows of arrays by default. The bits of results do not depend on it. */
  readonly openRows?: OpenRows
}

export interface SlqResult extends SpectralQuadrature {
  /** Products made, those of an unfinished probe included. */
  readonly products: number
  readonly outcome: SlqOutcome
}

/**
 * Runs the probes one after the other, each with full reorthogonalisation. Holds `memoryBytes(n, steps)` of
 * `lanczos.ts`. Throws a RangeError for impossible requests and when a product is not finite.
 */
export async function stochasticLanczosQuadrature(operator: LinearOperator, options: SlqOptions): Promise<SlqResult> {
  const { probes, steps } = options
  const products = new CheckedProducts(operator, 'slq')
  assertWhole('slq', 'probes', probes, 1)
  assertWhole('slq', 'steps', steps, 1, operator.size)
  const done: ProbeQuadrature[] = []
  await withRows(options.openRows, operator.size, async (rows) => {
    while (done.length < probes) {
      const process = await runProbe(products, done.length, rows, options)
      if (process === null) break
      const row = gaussRow(process.alphas, process.betas)
      done.push(row)
      await options.onProbe?.({ ...row, probesDone: done.length, of: probes, products: products.count })
    }
  })
  return Object.freeze({
    ...joinedRows(operator.size, steps, done),
    products: products.count,
    outcome: done.length < probes ? 'cancelled' : done.every((row) => row.exact) ? 'breakdown' : 'max-steps',
  })
}

/** Steps until the number asked for or a breakdown; null when stopped. */
async function runProbe(products: CheckedProducts, probe: number, rows: LongRows, options: SlqOptions): Promise<LanczosProcess | null> {
  const { probes, steps, random } = options
  const start = space.random(products.size, random)
  const afterStart = random.state()
  const process = new LanczosProcess(products, random, { start, rows })
  while (process.steps < steps && process.betas.at(-1) !== 0) {
    const made = await unlessStopped(options, () => process.step())
    if (!made) return null
    await options.onStep?.({ probe, probes, step: process.steps, steps })
  }
  // A breakdown drew a direction that is not used: the next probe must not depend on it.
  random.restore(afterStart)
  return process
}
