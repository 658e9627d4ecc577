/** Rows of comma-separated values (RFC 4180), also separated by semicolons or tabs. */
import { DataError } from './data-error.ts'

const DELIMITERS = [',', ';', '\t'] as const
const QUOTE = '"'
/** Characters in which the first row is looked for. */
const HEAD = 1e6

export interface CsvRow {
  /** Line of the file, from 1, on which the row starts. */
  readonly line: number
  readonly cells: readonly string[]
}

/** The delimiter that occurs most often in the first row, outside quotes; a comma in one column. */
function delimiterOf(text: string): string {
  const [row] = text.slice(0, HEAD).replace(/"[^"]*"/g, '').trimStart().split('\n', 1)
  const counts = DELIMITERS.map((delimiter) => row.split(delimiter).length)
  return DELIMITERS[counts.indexOf(Math.max(...counts))]
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) lines++
  return lines
}

/** Cells of a row that has quotes, from `start`; a quoted cell may hold delimiters, line ends and doubled quotes. */
function quotedRow(text: string, start: number, delimiter: string, fail: (problem: string) => DataError): { cells: string[]; next: number } {
  const cells: string[] = []
  for (let at = start; ; at++) {
    let cell = ''
    if (text[at] === QUOTE) {
      let close = at
      do {
        const from = close + 1
        close = text.indexOf(QUOTE, from)
        if (close === -1) throw fail('a quote that is never closed')
        cell += (from === at + 1 ? '' : QUOTE) + text.slice(from, close)
        close++
      } while (text[close] === QUOTE)
      at = close
    } else {
      const from = at
      while (at < text.length && text[at] !== delimiter && text[at] !== '\n') at++
      cell = text.slice(from, at).replace(/\r$/, '')
    }
    cells.push(cell)
    if (text[at] === '\r' && text[at + 1] === '\n') at++
    if (at >= text.length || text[at] === '\n') return { cells, next: at + 1 }
    if (text[at] !== delimiter) throw fail(`"${text[at]}" after a closing quote`)
  }
}

/**
 * Rows one after the other; empty lines are left out.
 * @param subject file name, for messages
 * @throws DataError `corrupt` for quotes that do not match
 */
export function* csvRows(text: string, subject: string): Generator<CsvRow> {
  const delimiter = delimiterOf(text)
  let line = 1
  for (let at = text.startsWith('\ufeff') ? 1 : 0; at < text.length; ) {
    const newline = text.indexOf('\n', at)
    const end = newline === -1 ? text.length : newline
    const plain = text.slice(at, text[end - 1] === '\r' ? end - 1 : end)
    const start = line
    const fail = (problem: string) => new DataError('corrupt', `${subject}: ${problem} in the row that starts at line ${start}; export the file again`)
    const { cells, next } = plain.includes(QUOTE) ? quotedRow(text, at, delimiter, fail) : { cells: plain.split(delimiter), next: end + 1 }
    if (plain.trim() !== '') yield { line: start, cells }
    line += countLines(text, at, next)
    at = next
  }
}
