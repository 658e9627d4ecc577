import type { z } from 'zod'
import { describeIssue, valueAt, type SettingIssue } from '../contracts/describe-issue.ts'

export interface Repaired<T> {
  /** The value nearest to what was given, or null when there is none. */
  readonly value: T | null
  /** What was wrong; empty when the value was taken as given. */
  readonly problems: readonly SettingIssue[]
}

/** A clamped value can only show faults behind it a few times over. */
const MAX_ROUNDS = 4

/**
 * Makes a value fit its schema: numbers out of range move to the nearest bound, lists too long lose their end, and
 * entries (objects) of a list that make no sense are left out. Anything else has no near value.
 */
export function repair<T>(schema: z.ZodType<T>, given: unknown): Repaired<T> {
  const problems: SettingIssue[] = []
  let value = given
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const parsed = schema.safeParse(value)
    if (parsed.success) return { value: parsed.data, problems }
    const faults = oncePerPath(parsed.error.issues)
    const faulty = value
    problems.push(...faults.map((issue) => describeIssue(issue, faulty)))
    const mended = mend(value, faults)
    if (mended === null) return { value: null, problems }
    value = mended.value
  }
  return { value: null, problems }
}

type Issue = z.core.$ZodIssue

/** The last of several faults of one value is the tightest bound. */
function oncePerPath(issues: readonly Issue[]): Issue[] {
  return [...new Map(issues.map((issue) => [issue.path.join('.'), issue])).values()]
}

function mend(value: unknown, faults: readonly Issue[]): { readonly value: unknown } | null {
  const dropped = new Set<unknown>()
  let mended = value
  for (const issue of faults) {
    const bound = nearest(issue, valueAt(mended, issue.path))
    if (bound !== undefined) mended = replaced(mended, issue.path, bound)
    else if (hasObjectAt(value, issue.path)) dropped.add(issue.path[0])
    else return null
  }
  return { value: Array.isArray(mended) ? mended.filter((_, i) => !dropped.has(i)) : mended }
}

function hasObjectAt(list: unknown, path: readonly PropertyKey[]): boolean {
  return Array.isArray(list) && typeof list[Number(path[0])] === 'object'
}

function nearest(issue: Issue, got: unknown): unknown {
  if (issue.code === 'too_big' && issue.inclusive !== false) {
    return Array.isArray(got) ? got.slice(0, Number(issue.maximum)) : boundOf(got, issue.maximum)
  }
  if (issue.code === 'too_small' && issue.inclusive !== false) return boundOf(got, issue.minimum)
  return undefined
}

function boundOf(got: unknown, bound: number | bigint): number | undefined {
  return typeof got === 'number' ? Number(bound) : undefined
}

function replaced(value: unknown, path: readonly PropertyKey[], by: unknown): unknown {
  if (path.length === 0) return by
  const [key, ...rest] = path
  if (Array.isArray(value)) return value.map((entry: unknown, i) => (i === key ? replaced(entry, rest, by) : entry))
  return { ...(value as object), [key]: replaced(valueAt(value, [key]), rest, by) }
}
