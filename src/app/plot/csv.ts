import type { Cell, FigureTable } from '../../figures/figure-spec.ts'

/**
 * A table as CSV (RFC 4180, lines end with a line feed). `comments`, such as title, provenance and link, come first,
 * one a line after `# `. Numbers have full precision with a point; null is an empty field.
 */
export function tableToCsv({ columns, rows }: FigureTable, comments: readonly string[]): string {
  const notes = comments.flatMap((comment) => comment.split(/\r?\n/)).map((line) => `# ${line}`)
  const lines = [columns, ...rows].map((row) => row.map(field).join(','))
  return [...notes, ...lines, ''].join('\n')
}

function field(cell: Cell): string {
  if (cell === null) return ''
  const text = String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
