import type { JSX } from 'react'
import type { Cell, FigureSpec } from '../../figures/index.ts'
import { formatNumber } from '../format/number.ts'

const MOST_ROWS = 500
const MOST_COLUMNS = 40

/** The numbers behind a figure. Very large tables are cut here; CSV and npz hold all. */
export function PanelTable({ figure }: { readonly figure: FigureSpec }): JSX.Element {
  const { columns, rows } = figure.table
  const shownColumns = columns.slice(0, MOST_COLUMNS)
  const cut = rows.length > MOST_ROWS || columns.length > MOST_COLUMNS
  return (
    <div className="table-scroll panel-table" tabIndex={0} role="group" aria-label="Numbers of this panel">
      <table className="data-table">
        <caption>{figure.summary}</caption>
        <thead>
          <tr>
            {shownColumns.map((column) => (
              <th key={column} scope="col">
                {column}
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

function cellText(cell: Cell): string {
  if (cell === null) return '–'
  if (typeof cell === 'string') return cell
  return Number.isInteger(cell) ? String(cell) : formatNumber(cell, 5)
}
