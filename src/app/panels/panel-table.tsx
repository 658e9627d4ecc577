import { useState, type JSX } from 'react'
import type { Cell, FigureSpec } from '../../figures/index.ts'
import { formatNumber } from '../format/number.ts'

const MOST_ROWS = 500
const MOST_COLUMNS = 40

/** The numbers behind a figure. Very large tables are cut here; CSV and npz hold all. */
export function PanelTable({ figure }: { readonly figure: FigureSpec }): JSX.Element {
  const { columns, rows: given } = figure.table
  const [order, setOrder] = useState<Order | null>(null)
  const rows = order === null ? given : sorted(given, order)
  const shownColumns = columns.slice(0, MOST_COLUMNS)
  const cut = rows.length > MOST_ROWS || columns.length > MOST_COLUMNS
  return (
    <div className="table-scroll panel-table" tabIndex={0} role="group" aria-label="Numbers of this panel">
      <p className="hint" id={`summary-${figure.id}`}>
        {figure.summary}
      </p>
      <table className="data-table" aria-describedby={`summary-${figure.id}`}>
        <thead>
          <tr>
            {shownColumns.map((column, at) => (
              <th key={column} scope="col" aria-sort={order?.column === at ? (order.descending ? 'descending' : 'ascending') : 'none'}>
                <button type="button" className="sort" onClick={() => setOrder(nextOrder(order, at))}>
                  {column}
                  {order?.column === at && <span aria-hidden="true">{order.descending ? ' ↓' : ' ↑'}</span>}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((row, i) => (
            <tr key={i}>
              {row.slice(0, MOST_COLUMNS).map((cell, j) => (
                <td key={shownColumns[j]}>{cellText(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {cut && <p className="hint">Cut to {MOST_ROWS} rows and {MOST_COLUMNS} columns; “Save as CSV” has all of it.</p>}
    </div>
  )
}

interface Order {
  readonly column: number
  readonly descending: boolean
}

/** Descending first, then ascending, then as given. */
function nextOrder(order: Order | null, column: number): Order | null {
  if (order?.column !== column) return { column, descending: true }
  return order.descending ? { column, descending: false } : null
}

/** Rows by one column; cells without a value last. */
function sorted(rows: FigureSpec['table']['rows'], { column, descending }: Order): FigureSpec['table']['rows'] {
  return [...rows].sort((a, b) => {
    const [x, y] = [a[column], b[column]]
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1
    const ascending = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y))
    return descending ? -ascending : ascending
  })
}

function cellText(cell: Cell): string {
  if (cell === null) return '–'
  if (typeof cell === 'string') return cell
  return Number.isInteger(cell) ? String(cell) : formatNumber(cell, 5)
}
