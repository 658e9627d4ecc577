/**
 * Gaussian kernel density estimate of eigenvalues, (1/(n h)) Σᵢ φ((x − xᵢ)/h) with width h: integrates to one. Every term
 * counts, since logarithmic figures show densities many decades below the peak.
 */
import { exp, log } from '../deterministic-math.ts'

/** `scott`: n^(−1/5) times the sample standard deviation (ddof 1), what seaborn draws; `fixed`: a width, 1 in the thesis's caption. */
export type DensityWidth = { readonly kind: 'scott' } | { readonly kind: 'fixed'; readonly width: number }

export interface KernelDensity {
  /** (points) where it was evaluated. */
  readonly grid: Float64Array
  readonly density: Float64Array
  /** h, in units of the values. */
  readonly width: number
}

export interface DensityOptions {
  /** Width 1 by default. */
  readonly width?: DensityWidth
  /** Places to evaluate at; by default `points` places from `cut` widths below the values to `cut` widths above them. */
  readonly grid?: Float64Array
  /** 200 by default. */
  readonly points?: number
  /** 3 by default. */
  readonly cut?: number
}

const INVERSE_SQRT_TWO_PI = 0.3989422804014327
const DEFAULT_POINTS = 200
const DEFAULT_CUT = 3

/** Density of (n) values in any order. Throws for no values and for values or places that are not finite. */
export function kernelDensity(values: ArrayLike<number>, options: DensityOptions = {}): KernelDensity {
  const data = finiteValues(values, 'value')
  if (data.length === 0) throw new RangeError('kernelDensity: no values; give at least one')
  const width = widthOf(data, options.width ?? { kind: 'fixed', width: 1 })
  const grid = options.grid ? finiteValues(options.grid, 'grid place') : defaultGrid(data, width, options)
  const factor = INVERSE_SQRT_TWO_PI / (data.length * width)
  const density = grid.map((place) => {
    let sum = 0
    for (const value of data) {
      const z = (place - value) / width
      sum += exp(-0.5 * z * z)
    }
    return factor * sum
  })
  return Object.freeze({ grid, density, width })
}

/** n^(−1/5) · standard deviation (Scott 1992). Throws where that is zero. */
export function scottWidth(values: ArrayLike<number>): number {
  const data = finiteValues(values, 'value')
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length
  const squares = data.reduce((sum, value) => sum + (value - mean) * (value - mean), 0)
  const width = data.length > 1 ? exp(-log(data.length) / 5) * Math.sqrt(squares / (data.length - 1)) : 0
  if (!(width > 0 && width < Infinity)) {
    throw new RangeError(`kernelDensity: Scott's width of ${data.length} values is ${width}; give values that differ or choose a fixed width`)
  }
  return width
}

function widthOf(data: Float64Array, request: DensityWidth): number {
  if (request.kind === 'scott') return scottWidth(data)
  if (!(request.width > 0 && request.width < Infinity)) throw new RangeError(`kernelDensity: width=${request.width} is not a finite number above 0`)
  return request.width
}

function defaultGrid(data: Float64Array, width: number, { points = DEFAULT_POINTS, cut = DEFAULT_CUT }: DensityOptions): Float64Array {
  if (!(Number.isInteger(points) && points >= 2)) throw new RangeError(`kernelDensity: points=${points} is not a whole number from 2 on`)
  if (!(cut >= 0 && cut < Infinity)) throw new RangeError(`kernelDensity: cut=${cut} is not a finite number from 0 on`)
  const low = data.reduce((least, value) => Math.min(least, value), Infinity) - cut * width
  const high = data.reduce((most, value) => Math.max(most, value), -Infinity) + cut * width
  const step = (high - low) / (points - 1)
  return Float64Array.from({ length: points }, (_, i) => (i === points - 1 ? high : low + i * step))
}

function finiteValues(values: ArrayLike<number>, name: string): Float64Array {
  return Float64Array.from(values, (value, i) => {
    if (!Number.isFinite(value)) throw new RangeError(`kernelDensity: ${name} ${i} is ${value}; every one must be finite`)
    return value
  })
}
