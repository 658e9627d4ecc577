import { describe, expect, it } from 'vitest'
import { tableToCsv } from './csv.ts'

const table = { columns: ['index', 'eigenvalue', 'note'], rows: [[1, 0.1 + 0.2, 'a, "b"'], [2, null, 'two\nlines']] }

describe('tableToCsv', () => {
  it('writes comments, header and rows, quoting what needs it, at full precision', () => {
    expect(tableToCsv(table, ['Spectrum', '2,000 samples'])).toBe(
      '# Spectrum\n# 2,000 samples\nindex,eigenvalue,note\n1,0.30000000000000004,"a, ""b"""\n2,,"two\nlines"\n',
    )
  })

  it('a comment of several lines stays a comment', () => {
    expect(tableToCsv({ columns: ['a'], rows: [] }, ['one\ntwo'])).toBe('# one\n# two\na\n')
  })

  it('numbers read back as they were', () => {
    const values = [1e-300, -2.5e21, 0.1, 1 / 3, 5e-324]
    const lines = tableToCsv({ columns: ['x'], rows: values.map((value) => [value]) }, []).trim().split('\n').slice(1)
    expect(lines.map(Number)).toEqual(values)
  })
})
