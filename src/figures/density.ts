import type { Quadrature } from '../contracts/results.ts'
import { extent, moments } from './statistics.ts'

/** A discrete measure: weights add up to 1. */
export interface Measure {
  readonly nodes: ArrayLike<number>
  readonly weights: ArrayLike<number>
}

/** A density on a grid, in shares per unit of the axis. */
export interface SmoothDensity {
  readonly grid: readonly number[]
  readonly mean: readonly number[]
  /** Standard error of the mean over measures; NaN where there is only one. */
  readonly standardError: readonly number[]
}

/** Gaussians are cut where they have fallen below 10⁻¹⁵ of their height. */
const REACH = 8.5
/** Widths of the smoothing beyond the outermost node, and grid points to a width: the sum over the grid is then the integral. */
const MARGIN = 6
const POINTS_PER_WIDTH = 4
const FEWEST_POINTS = 400
const MOST_POINTS = 4000

/** Widths that a plot can show, as shares of the range. */
const NARROWEST = 1 / 2000
const WIDEST = 1 / 10

/** One measure per random vector; rows that ended early are cut at their first NaN. */
export function probeMeasures({ probes, steps, nodes, weights }: Quadrature): Measure[] {
  return Array.from({ length: probes }, (_, probe) => {
    const from = probe * steps
    const length = nodes.subarray(from, from + steps).findIndex((node) => !Number.isFinite(node))
    const to = from + (length < 0 ? steps : length)
    return { nodes: nodes.subarray(from, to), weights: weights.subarray(from, to) }
  }).filter((measure) => measure.nodes.length > 0)
}

/** Every value counts the same. */
export function valuesMeasure(values: ArrayLike<number>): Measure {
  const nodes = Array.from(values).filter(Number.isFinite)
  return { nodes, weights: nodes.map(() => 1 / nodes.length) }
}

/** Smallest and largest node of all measures; [0, 0] without any. */
export function nodeRange(measures: readonly Measure[]): readonly [low: number, high: number] {
  const [low, high] = extent(measures.flatMap(({ nodes }) => Array.from(nodes)))
  return low <= high ? [low, high] : [0, 0]
}

/** Scott's width n^(−1/5)·s for n values, s their standard deviation with n − 1: what seaborn draws by default. */
export function scottWidth(values: ArrayLike<number>): number {
  const { n, deviation } = moments(values)
  return n ** -0.2 * deviation
}

/** Scott's width for the n eigenvalues that measures stand for. */
export function scottWidthOf(measures: readonly Measure[], n: number): number {
  const moment = (power: number) => measures.reduce((sum, measure) => sum + powerSum(measure, power), 0) / measures.length
  const mean = moment(1)
  const variance = Math.max(0, moment(2) - mean * mean) * (n / Math.max(1, n - 1))
  return n ** -0.2 * Math.sqrt(variance)
}

function powerSum({ nodes, weights }: Measure, power: number): number {
  let sum = 0
  for (let i = 0; i < nodes.length; i++) sum += weights[i] * nodes[i] ** power
  return sum
}

/** Range over steps, the distance that nodes have on average; never so wide that the spectrum becomes one bump. */
export function quadratureWidth(measures: readonly Measure[], steps: number): number {
  const [low, high] = nodeRange(measures)
  return Math.min((high - low) / steps, WIDEST * (high - low))
}

/** A width that can be drawn over this range: not below a two-thousandth of it, and positive. */
export function drawableWidth(wanted: number, low: number, high: number): number {
  const least = NARROWEST * (high - low)
  const fallback = least > 0 ? least : 1e-3 * Math.max(1, Math.abs(high))
  return Number.isFinite(wanted) && wanted > 0 ? Math.max(wanted, least) : fallback
}

/** Evenly spaced places that hold all of a density smoothed with this width. */
export function densityGrid(low: number, high: number, width: number): number[] {
  const [from, to] = [low - MARGIN * width, high + MARGIN * width]
  const points = Math.min(MOST_POINTS, Math.max(FEWEST_POINTS, Math.ceil((POINTS_PER_WIDTH * (to - from)) / width)))
  return Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1))
}

/** Σ ωᵢ·N(x; θᵢ, width²) at every place of an ascending, evenly spaced grid. */
export function gaussianDensity({ nodes, weights }: Measure, width: number, grid: readonly number[]): Float64Array {
  const density = new Float64Array(grid.length)
  const spacing = (grid[grid.length - 1] - grid[0]) / (grid.length - 1)
  const height = 1 / (Math.sqrt(2 * Math.PI) * width)
  for (let k = 0; k < nodes.length; k++) {
    const first = Math.max(0, Math.ceil((nodes[k] - REACH * width - grid[0]) / spacing))
    const last = Math.min(grid.length - 1, Math.floor((nodes[k] + REACH * width - grid[0]) / spacing))
    for (let i = first; i <= last; i++) {
      const z = (grid[i] - nodes[k]) / width
      density[i] += weights[k] * height * Math.exp(-0.5 * z * z)
    }
  }
  return density
}

/** Mean of the smoothed measures, with its standard error over them. */
export function smoothDensity(measures: readonly Measure[], width: number, grid: readonly number[]): SmoothDensity {
  const each = measures.map((measure) => gaussianDensity(measure, width, grid))
  const places = grid.map((_, i) => moments(each.map((density) => density[i])))
  return {
    grid,
    mean: places.map(({ mean }) => mean),
    standardError: places.map(({ deviation, n }) => deviation / Math.sqrt(n)),
  }
}
