import type { z } from 'zod'

/** One thing that a schema refused, in words: `training.epochs: got 0, expected at least 1`. */
export interface SettingIssue {
  /** `training.epochs`; empty for the whole. */
  readonly path: string
  /** The value that was given, shortened. */
  readonly got: string
  /** `expected at least 1` */
  readonly demand: string
}

type ZodIssue = z.core.$ZodIssue

const LONGEST_SHOWN = 60

const TYPES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
}

/** Puts what zod found wrong with `root` into words. */
export function describeIssue(issue: ZodIssue, root: unknown): SettingIssue {
  return { path: issue.path.map(String).join('.'), got: show(valueAt(root, issue.path)), demand: demandOf(issue) }
}

/** The value under a path, undefined where the path ends early. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (isObject(value) ? (value as Record<PropertyKey, unknown>)[key] : undefined), root)
}

/** A value for people: JSON, shortened; "nothing" for what is not there. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value)
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN - 1)}…`
}

function demandOf(issue: ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.startsWith('expected ') ? issue.message : `expected ${TYPES[issue.expected] ?? issue.expected}`
    case 'too_big':
      return `expected ${issue.inclusive === false ? 'below' : 'at most'} ${amount(issue.maximum, issue.origin)}`
    case 'too_small':
      return `expected ${issue.inclusive === false ? 'above' : 'at least'} ${amount(issue.minimum, issue.origin)}`
    case 'invalid_value':
      return oneOf(issue.values.map(String))
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options) ? oneOf(issue.options.map(String)) : issue.message
    case 'invalid_format':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return issue.message
  }
}

function amount(bound: number | bigint, origin: string): string {
  if (origin === 'array') return `${String(bound)} entries`
  if (origin === 'string') return `${String(bound)} characters`
  return String(bound)
}

function oneOf(values: readonly string[]): string {
  return `expected ${values.length === 1 ? '' : 'one of '}${values.join(', ')}`
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
