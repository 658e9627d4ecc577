/** A CSV file as one matrix of numbers and one column of class names. */
import { DataError } from './data-error.ts'
import { csvRows, type CsvRow } from './csv-rows.ts'

export interface CsvTable {
  readonly rows: number
  /** Columns of `values`. */
  readonly columns: readonly string[]
  /** (rows, columns), row-major. */
  readonly values: Float32Array
  /** Whether every value is a whole number from 0 to 255. */
  readonly bytes: boolean
  /** The column of names, where the file has one. */
  readonly names: { readonly column: string; readonly values: readonly string[] } | null
}

/** Beyond this, a text no longer fits into one string of the common engines. */
export const MAX_CSV_BYTES = 5e8
/** pandas leaves the name of its row numbers empty. */
const INDEX = 'index'
const LABEL_NAME = /^(label|class|target|y)$/i

/** The number that a cell holds, NaN for anything else; Number() alone takes an empty cell for 0. */
function toNumber(cell: string): number {
  const value = Number(cell)
  return value === 0 && cell.trim() === '' ? Number.NaN : value
}

const isNumeric = (cell: string): boolean => !Number.isNaN(toNumber(cell))

const isLabelName = (column: string): boolean => LABEL_NAME.test(column.trim())

/** A first row is a header when it names a label column, or has text where the second row has a number. */
function isHeader(first: CsvRow, second: CsvRow | undefined): boolean {
  const named = first.cells.some(isLabelName)
  return named || first.cells.some((cell, at) => !isNumeric(cell) && second !== undefined && isNumeric(second.cells[at] ?? ''))
}

interface Layout {
  readonly columns: readonly string[]
  /** Index of the column of names, or −1. */
  readonly named: number
}

function layoutOf(first: CsvRow, second: CsvRow | undefined, header: boolean, subject: string): Layout {
  const columns = first.cells.map((cell, at) => (header && cell.trim()) || (header && at === 0 ? INDEX : `column ${at + 1}`))
  const cells = (header ? second : first)?.cells
  if (!cells) throw new DataError('shape', `${subject}: a header without rows; export the file again`)
  const labelled = header ? columns.findIndex(isLabelName) : -1
  const textual = cells.flatMap((cell, at) => (isNumeric(cell) || at === labelled ? [] : [at]))
  if (textual.length + (labelled === -1 ? 0 : 1) > 1) {
    const [at] = textual
    throw new DataError('value', `${subject}: "${cells[at]}" in ${columns[at]}, line ${(header ? second : first)?.line}, expected a number; only the label may be text, so remove or encode that column`)
  }
  return { columns, named: labelled === -1 ? (textual[0] ?? -1) : labelled }
}

function grown(values: Float32Array<ArrayBuffer>, needed: number): Float32Array<ArrayBuffer> {
  if (needed <= values.length) return values
  const larger = new Float32Array(Math.max(needed, 2 * values.length))
  larger.set(values)
  return larger
}

function badCell(subject: string, { line, cells }: CsvRow, at: number, column: string, what: string): DataError {
  const cell = cells[at].trim()
  return new DataError('value', `${subject}: ${cell === '' ? 'an empty cell' : `"${cell}"`} in ${column}, line ${line}, expected ${what}; fill, repair or remove that row`)
}

/**
 * Reads a table of which at most one column is text.
 * @param subject file name, for messages
 * @throws DataError naming line and column
 */
export function readCsv(text: string, subject: string): CsvTable {
  const rows = csvRows(text, subject)
  const head = [rows.next().value, rows.next().value].filter((row): row is CsvRow => row !== undefined)
  const [first, second] = head
  if (first === undefined) throw new DataError('shape', `${subject}: no rows; drop a file with one sample a row`)
  const header = isHeader(first, second)
  const { columns, named } = layoutOf(first, second, header, subject)
  const numeric = columns.flatMap((_, at) => (at === named ? [] : [at]))
  let values = new Float32Array(numeric.length * 1024)
  const names: string[] = []
  let bytes = true
  let count = 0
  const take = (row: CsvRow) => {
    if (row.cells.length !== columns.length) {
      throw new DataError('shape', `${subject}: line ${row.line} has ${row.cells.length} cells, the first row has ${columns.length}; export the file again`)
    }
    values = grown(values, (count + 1) * numeric.length)
    let to = count * numeric.length
    for (const at of numeric) {
      const value = Math.fround(toNumber(row.cells[at]))
      if (!Number.isFinite(value)) throw badCell(subject, row, at, columns[at], 'a finite number')
      if (bytes && !(value >= 0 && value <= 255 && Number.isInteger(value))) bytes = false
      values[to++] = value
    }
    if (named !== -1) {
      if (row.cells[named].trim() === '') throw badCell(subject, row, named, columns[named], 'a class')
      names.push(row.cells[named].trim())
    }
    count++
  }
  for (const row of header ? head.slice(1) : head) take(row)
  for (const row of rows) take(row)
  return {
    rows: count,
    columns: numeric.map((at) => columns[at]),
    values: values.subarray(0, count * numeric.length),
    bytes,
    names: named === -1 ? null : { column: columns[named], values: names },
  }
}
