import { DataError } from './data-error.ts'

export const MAX_CLASSES = 256

const WHOLE = /^\d+$/

export interface Classes {
  /** Label of each class name. */
  readonly labelOf: ReadonlyMap<string, number>
  /** Null where the names are the labels themselves. */
  readonly names: readonly string[] | null
}

/**
 * Numbers for class names: whole numbers up to 255 stand for themselves, other names are sorted, by value if all are
 * numbers and by code point otherwise.
 * @param subject file, for messages
 * @throws DataError `value` for less than two or more than 256 classes
 */
export function numberClasses(found: Iterable<string>, subject: string): Classes {
  const names = [...new Set(found)]
  if (names.length < 2) {
    throw new DataError('value', `${subject}: ${names.length === 0 ? 'no class' : `only the class ${names[0]}`}, expected at least 2 classes; add samples of another class`)
  }
  if (names.length > MAX_CLASSES) {
    throw new DataError('value', `${subject}: ${names.length} classes (${names.slice(0, 3).join(', ')}, …), the limit is ${MAX_CLASSES}; choose the column or folders that hold classes`)
  }
  // 07 and 7 would be the same label.
  if (names.every((name) => WHOLE.test(name) && String(Number(name)) === name && Number(name) < MAX_CLASSES)) {
    return { labelOf: new Map(names.map((name) => [name, Number(name)])), names: null }
  }
  const sorted = names.every((name) => Number.isFinite(Number(name))) ? names.sort((a, b) => Number(a) - Number(b)) : names.sort()
  return { labelOf: new Map(sorted.map((name, label) => [name, label])), names: sorted }
}
