import type { Cell, FigureTable } from './figure-spec.ts'
import type { Moments } from './statistics.ts'

/** One quantity of a table, one entry per row. */
export interface SpreadColumn {
  /** As in the header of the main seed's column: "eigenvalue". */
  readonly name: string
  readonly places: readonly Moments[]
}

/** The table of the main seed with mean and standard deviation of quantities, and how many seeds the first has, beside it. */
export function withMoments(table: FigureTable, quantities: readonly SpreadColumn[]): FigureTable {
  const columns = [...table.columns, ...quantities.flatMap(({ name }) => [`mean of ${name}`, `s.d. of ${name}`]), 'n']
  const rows = table.rows.map((row, i) => [...row, ...quantities.flatMap(({ places }) => [cell(places[i]?.mean), cell(places[i]?.deviation)]), quantities[0].places[i]?.n ?? 0])
  return { columns, rows }
}

function cell(value: number | undefined): Cell {
  return value !== undefined && Number.isFinite(value) ? value : null
}
