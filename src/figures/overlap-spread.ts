import type { OverlapResult } from '../contracts/results.ts'
import type { Cell, FigureTable } from './figure-spec.ts'
import { formatSpread } from './numbers.ts'
import { moments, momentsAt, type Moments } from './statistics.ts'

/** Overlaps of the same families over seeds. */
export interface OverlapSpread {
  readonly seeds: number
  /** Of every cell, row-major. */
  readonly places: readonly Moments[]
  /** The map of the main seed with the mean of every cell. */
  readonly mean: OverlapResult
}

/** Complete maps of the same shape. */
function alike(result: OverlapResult, others: readonly OverlapResult[]): OverlapResult[] {
  return others.filter(({ rows, cols, rowsDone }) => rows === result.rows && cols === result.cols && rowsDone === rows)
}

/** Mean |⟨aᵢ, bⱼ⟩| by index over all seeds whose maps are complete and of the same shape; null when there is only one. */
export function overlapSpread(result: OverlapResult, others: readonly OverlapResult[]): OverlapSpread | null {
  const further = alike(result, others)
  if (further.length === 0 || result.rowsDone < result.rows) return null
  const all = [result, ...further]
  const places = momentsAt(result.values.length, (i) => all.map(({ values }) => values[i]))
  return { seeds: all.length, places, mean: { ...result, values: Float32Array.from(places, ({ mean }) => mean) } }
}

/** Standard deviations of the cells in columns after their means, and the number of seeds of every row. */
export function withDeviations(table: FigureTable, { places, mean: { cols } }: OverlapSpread): FigureTable {
  const means = table.columns.slice(1)
  const columns = [table.columns[0], ...means.map((name) => `mean, ${name}`), ...means.map((name) => `s.d., ${name}`), 'n']
  const rows = table.rows.map((row, i) => {
    const own = places.slice(i * cols, (i + 1) * cols)
    return [...row, ...own.map(({ deviation }): Cell => (Number.isFinite(deviation) ? deviation : null)), own[0].n]
  })
  return { columns, rows }
}

/** How diagonal the maps of all seeds are. */
export function sharpnessWords(result: OverlapResult, others: readonly OverlapResult[]): string {
  const all = [result, ...alike(result, others)]
  if (all.length === 1 || result.rowsDone < result.rows) return ''
  return ` Over ${String(all.length)} seeds values near the diagonal are ${formatSpread(moments(all.map(({ diagonalSharpness }) => diagonalSharpness)))} times the average (mean ± s.d.).`
}
