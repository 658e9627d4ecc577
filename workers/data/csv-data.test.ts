import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arraysFromCsv } from './csv-data.ts'
import { csvRows } from './csv-rows.ts'
import { datasetFromArrays } from './own-data.ts'
import { dataErrorOf } from './test-bytes.ts'

const file = (text: string, name = 'x.csv') => ({ name, bytes: new TextEncoder().encode(text) })
const read = (...texts: readonly string[]) => arraysFromCsv(texts.map((text, k) => file(text, k === 0 ? 'x.csv' : 'test.csv')))

/** One row as RFC 4180 writes it: every cell quoted, quotes doubled. */
const quoted = (cells: readonly string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')

describe('csvRows', () => {
  const rowsOf = (text: string) => Array.from(csvRows(text, 'x.csv'), ({ cells }) => cells)

  it('reads back any cells that are quoted as the standard asks', () => {
    const table = fc.array(fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r\n', ' ') }), { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), (rows, end) => {
        expect(rowsOf(rows.map(quoted).join(end))).toEqual(rows)
      }),
    )
  })

  it('takes the delimiter that the first line uses most, ignores a byte order mark and empty lines', () => {
    expect(rowsOf('\ufeffa;b,c;d\r\n\r\n1;2;3\n')).toEqual([['a', 'b,c', 'd'], ['1', '2', '3']])
    expect(rowsOf('1\t2\n3\t4')).toEqual([['1', '2'], ['3', '4']])
  })

  it('counts lines inside quotes', () => {
    expect(Array.from(csvRows('"a\nb",1\n\nc,2', 'x.csv'), ({ line }) => line)).toEqual([1, 4])
  })

  it.each(['a,"b\nc,d', 'a,"b"c\n'])('refuses quotes that do not match: %j', (text) => {
    expect(dataErrorOf(() => rowsOf(text)).message).toMatch(/^x\.csv: .*in the row that starts at line 1/)
  })
})

describe('arraysFromCsv', () => {
  it('takes the column named label wherever it stands, and numbers its classes in sorted order', () => {
    const { x, y, classNames, notes } = read('a,Class,b\n0.5,dog,2\n1.5,cat,4\n2.5,dog,6\n')
    expect(x).toEqual({ dtype: 'f4', shape: [3, 2], data: Float32Array.of(0.5, 2, 1.5, 4, 2.5, 6) })
    expect([...y.data]).toEqual([1, 0, 1])
    expect(classNames).toEqual(['cat', 'dog'])
    expect(notes).toContain('The class is the column "Class".')
    expect(notes).toContain('Classes: 0 = cat, 1 = dog.')
  })

  it('takes the one column of text without a header, as in iris.data', () => {
    const { x, y, classNames } = read('5.1,3.5,setosa\n7.0,3.2,versicolor\n')
    expect(x.shape).toEqual([2, 2])
    expect([...y.data]).toEqual([0, 1])
    expect(classNames).toEqual(['setosa', 'versicolor'])
  })

  it('takes the first or last column of whole numbers, whichever has fewer; the last on a tie', () => {
    expect([...read('1,7,8,9\n0,5,6,2\n1,4,4,1\n').y.data]).toEqual([1, 0, 1])
    expect([...read('3,7,8,1\n2,5,6,0\n1,4,4,1\n').y.data]).toEqual([1, 0, 1])
    expect([...read('1,7,8,0\n0,5,6,2\n').y.data]).toEqual([0, 2])
  })

  it('keeps whole numbers as labels and sorts other numbers by value', () => {
    expect(read('label,a\n2,1\n10,2\n').y.data).toEqual(Uint8Array.of(2, 10))
    const signed = read('label,a\n1,1\n-1,2\n10.5,3\n')
    expect([...signed.y.data]).toEqual([1, 0, 2])
    expect(signed.classNames).toEqual(['-1', '1', '10.5'])
  })

  it('leaves row numbers out and says so', () => {
    const { x, notes } = read(',a,b,species\n0,0.5,1,u\n1,0.25,2,v\n')
    expect(x.data).toEqual(Float32Array.of(0.5, 1, 0.25, 2))
    expect(notes).toContain('Left out as row numbers: index.')
  })

  const pixels = (count: number, seed: number) => Array.from({ length: count }, (_, i) => (i * 7 + seed) % 256)

  it.each([[25, [5, 5]], [49, [7, 7]], [75, [5, 5, 3]]])('reads %i bytes a row as an image of %j pixels', (count, axes) => {
    const header = ['label', ...pixels(count, 0).map((_, i) => `p${i}`)].join()
    const { x, notes } = read(`${header}\n0,${pixels(count, 1).join()}\n1,${pixels(count, 9).join()}\n`)
    expect(x).toMatchObject({ dtype: 'u1', shape: [2, ...axes] })
    expect([...x.data]).toEqual([...pixels(count, 1), ...pixels(count, 9)])
    expect(notes?.join()).toContain(`The ${count} columns are read as images of ${axes.join(' x ')} pixels`)
  })

  it.each([['16 columns', 16, ''], ['a value above 255', 25, '256'], ['a negative value', 25, '-1'], ['a fraction', 25, '0.5']])('takes %s for features', (_, count, value) => {
    const row = pixels(count, 1).map(String)
    if (value) row[3] = value
    expect(read(`label,${row.map((_, i) => `f${i}`).join()}\n0,${row.join()}\n1,${pixels(count, 9).join()}\n`).x.dtype).toBe('f4')
  })

  it('takes a second file named test for the test split', () => {
    const data = datasetFromArrays(read('label,a,b\nu,1.5,2\nv,3,4\n', 'label,a,b\nv,5,6.5\n'))
    expect([...data.test.labels]).toEqual([1])
    expect([...data.test.images]).toEqual([5, 6.5])
  })

  it.each<[string, readonly string[], string]>([
    ['an empty cell', ['a,label\n1,u\n,v\n'], 'x.csv: an empty cell in a, line 3, expected a finite number'],
    ['NaN', ['a,label\n1,u\nNaN,v\n'], 'x.csv: "NaN" in a, line 3'],
    ['infinity', ['a,label\n1,u\n1e999,v\n'], 'x.csv: "1e999" in a, line 3'],
    ['a number beyond float32', ['a,label\n1,u\n1e39,v\n'], '"1e39" in a, line 3'],
    ['a missing class', ['a,label\n1,u\n2,\n'], 'an empty cell in label, line 3, expected a class'],
    ['two columns of text', ['a,b,label\n1,x,u\n2,y,v\n'], '"x" in b, line 2, expected a number; only the label may be text'],
    ['rows of different lengths', ['a,label\n1,u\n2,v,3\n'], 'line 3 has 3 cells, the first row has 2'],
    ['one class', ['a,label\n1,u\n2,u\n'], 'x.csv: only the class u, expected at least 2'],
    ['257 classes', [`a,label\n${Array.from({ length: 257 }, (_, k) => `${k},c${k}`).join('\n')}`], '257 classes (c0, c1, c2, …), the limit is 256'],
    ['no label column', ['a,b\n0.5,1.5\n0.25,3.5\n'], 'no column is named label, class, target or y'],
    ['labels only', ['label\nu\nv\n'], 'no column besides the label'],
    ['a header only', ['a,label\n'], 'a header without rows'],
    ['nothing', ['\n\n'], 'x.csv: no rows'],
    ['a test file with other columns', ['label,a\nu,1\nv,2\n', 'label,b\nu,1\n'], 'test.csv: 2 columns with b where x.csv has a'],
    ['a test class unknown in training', ['label,a\nu,1\nv,2\n', 'label,a\nw,1\n'], 'test.csv: sample 0 has the class w, which x.csv does not have'],
  ])('refuses %s', (_, texts, message) => {
    expect(dataErrorOf(() => read(...texts)).message).toContain(message)
  })

  it('refuses two files of which none is named test', () => {
    expect(dataErrorOf(() => arraysFromCsv([file('a'), file('b', 'y.csv')])).message).toContain('2 CSV files, expected one, or two of which one is named test')
  })
})
