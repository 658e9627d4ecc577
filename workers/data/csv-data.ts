/** Samples from CSV files: one sample a row, one column the class, the others its features. */
import { MAX_CLASSES, numberClasses } from './class-names.ts'
import { MAX_CSV_BYTES, readCsv, type CsvTable } from './csv-table.ts'
import { DataError } from './data-error.ts'
import type { DataFile } from './data-file.ts'
import { ndArray, type NdArray } from './nd-array.ts'
import type { OwnArrays } from './own-data.ts'

/** Fewer pixels than this are taken for a table: a handful of whole numbers is no image. */
const SMALLEST_SIDE = 5
const ROW_NUMBERS = /^(id|index|unnamed: ?\d+)$/i

interface Labelled {
  readonly column: string
  readonly classes: readonly string[]
  readonly features: readonly number[]
  readonly table: CsvTable
  readonly file: string
}

function column({ values, columns, rows }: CsvTable, at: number): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) => values[row * columns.length + at])
}

/** Number of different labels in a column; Infinity where it cannot hold labels. */
function labelCount(table: CsvTable, at: number): number {
  const distinct = new Set(column(table, at))
  const labels = distinct.size >= 2 && [...distinct].every((value) => Number.isInteger(value) && value >= 0 && value < MAX_CLASSES)
  return labels ? distinct.size : Infinity
}

/** First or last column, whichever has fewer different whole numbers from 0 to 255; the last when they have as many. */
function numericLabel(table: CsvTable, file: string): number {
  const last = table.columns.length - 1
  const [first, ending] = [labelCount(table, 0), labelCount(table, last)]
  if (last === 0 || (first === Infinity && ending === Infinity)) {
    throw new DataError('shape', `${file}: no column is named label, class, target or y, none is text, and neither the first nor the last holds at least two whole numbers from 0 to 255; name the label column`)
  }
  return first < ending ? 0 : last
}

function labelled(table: CsvTable, file: string): Labelled {
  const at = table.names ? -1 : numericLabel(table, file)
  const features = table.columns.flatMap((name, index) => (index === at || ROW_NUMBERS.test(name) ? [] : [index]))
  if (features.length === 0) throw new DataError('shape', `${file}: no column besides the label, expected features; export them too`)
  const classes = table.names?.values ?? Array.from(column(table, at), String)
  return { column: table.names?.column ?? table.columns[at], classes, features, table, file }
}

/** Height, width and channels of rows that look like images, else null. */
function imageAxes(features: number): readonly number[] | null {
  for (const channels of [1, 3]) {
    const side = Math.sqrt(features / channels)
    if (Number.isInteger(side) && side >= SMALLEST_SIDE) return channels === 1 ? [side, side] : [side, side, channels]
  }
  return null
}

function featuresOf({ table, features }: Labelled, axes: readonly number[] | null): NdArray {
  const size = table.rows * features.length
  const data = axes ? new Uint8Array(size) : new Float32Array(size)
  let to = 0
  for (let row = 0; row < table.rows; row++) for (const at of features) data[to++] = table.values[row * table.columns.length + at]
  return ndArray(data, [table.rows, ...(axes ?? [features.length])])
}

function checkSameColumns(train: Labelled, test: Labelled): void {
  const names = (part: Labelled) => [part.column, ...part.features.map((at) => part.table.columns[at])]
  const [expected, got] = [names(train), names(test)]
  const at = expected.findIndex((name, index) => name !== got[index])
  if (at !== -1 || got.length !== expected.length) {
    throw new DataError('shape', `${test.file}: ${got.length} columns with ${got[at] ?? 'none'} where ${train.file} has ${expected[at] ?? 'none'} (${expected.length} columns); give both files the same columns`)
  }
}

function notesOf({ column: label, table, features }: Labelled, axes: readonly number[] | null, names: readonly string[] | null): string[] {
  const notes = [`The class is the column "${label}".`]
  const dropped = table.columns.filter((name, at) => name !== label && !features.includes(at))
  if (dropped.length > 0) notes.push(`Left out as row numbers: ${dropped.join(', ')}.`)
  if (axes) notes.push(`The ${features.length} columns are read as images of ${axes.join(' x ')} pixels, row by row${axes.length === 3 ? ', the channels of a pixel side by side' : ''}.`)
  if (!axes) notes.push('Columns of very different ranges train badly: scale them before export.')
  if (names) notes.push(`Classes: ${names.slice(0, 10).map((name, at) => `${at} = ${name}`).join(', ')}${names.length > 10 ? ', …' : ''}.`)
  return notes
}

function read({ name, bytes }: DataFile): Labelled {
  if (bytes.length > MAX_CSV_BYTES) throw new DataError('shape', `${name}: ${bytes.length} bytes, the limit for CSV is ${MAX_CSV_BYTES}; use fewer rows, or an .npz file`)
  return labelled(readCsv(new TextDecoder().decode(bytes), name), name)
}

function labelsOf({ classes, file }: Labelled, labelOf: ReadonlyMap<string, number>, known: string): NdArray {
  return ndArray(
    Uint8Array.from(classes, (name, row) => {
      const label = labelOf.get(name)
      if (label !== undefined) return label
      throw new DataError('value', `${file}: sample ${row} has the class ${name}, which ${known} does not have; use the same classes in both`)
    }),
  )
}

/**
 * Samples from one CSV file, or from two of which one is named test. The label is the column named label, class,
 * target or y; else the one of text; else the first or last, see {@link numericLabel}. Rows of whole numbers from
 * 0 to 255 whose count is a square of at least 5 × 5, or three times one, become images; others are used as given.
 * @throws DataError naming line and column
 */
export function arraysFromCsv(files: readonly DataFile[]): OwnArrays {
  const tests = files.length === 2 ? files.filter(({ name }) => /test/i.test(name)) : []
  if (files.length > 2 || (files.length === 2 && tests.length !== 1)) {
    throw new DataError('shape', `${files.map(({ name }) => name).join(', ')}: ${files.length} CSV files, expected one, or two of which one is named test`)
  }
  const [trainFile] = files.filter((file) => file !== tests[0])
  const train = read(trainFile)
  const test = tests.length === 1 ? read(tests[0]) : null
  if (test) checkSameColumns(train, test)
  const { labelOf, names } = numberClasses(train.classes, train.file)
  const axes = train.table.bytes && (test?.table.bytes ?? true) ? imageAxes(train.features.length) : null
  const arrays = (part: Labelled) => ({ x: featuresOf(part, axes), y: labelsOf(part, labelOf, train.file) })
  return { ...arrays(train), ...(test && { test: arrays(test) }), ...(names && { classNames: names }), notes: notesOf(train, axes, names) }
}
