import { describeIssue, show } from './describe-issue.ts'
import { experimentSchema, type Experiment } from './experiment.ts'
import { defaultPreset, findPreset, presets } from './presets.ts'
import { upgradeExperiment } from './upgrade-experiment.ts'

/** The experiment, or what is wrong with the file: path, value, what was expected. */
export type ParsedExperiment =
  | { readonly experiment: Experiment; readonly errors?: never }
  | { readonly errors: readonly string[]; readonly experiment?: never }

type Plain = Readonly<Record<string, unknown>>

/**
 * Reads an experiment file: a whole experiment, or `{preset, …}` with only what differs from the preset (objects are
 * merged, lists replaced; without `preset` from the default one). Misspelt settings are errors, never ignored.
 */
export function parseExperiment(json: unknown): ParsedExperiment {
  if (!isPlain(json)) return failure(`experiment: got ${show(json)}, expected an object such as {"preset": "${defaultPreset}"}`)
  const upgraded = upgradeExperiment(json)
  const base = baseOf(upgraded)
  if (typeof base === 'string') return failure(base)
  const merged = merge(base, upgraded)
  const parsed = experimentSchema.safeParse(merged)
  if (!parsed.success) return { errors: parsed.error.issues.map((issue) => line(describeIssue(issue, merged))) }
  const unknown = unknownSettings(merged, parsed.data, '')
  return unknown.length === 0 ? { experiment: parsed.data } : { errors: unknown }
}

function failure(message: string): ParsedExperiment {
  return { errors: [message] }
}

/** What the file starts from, or why there is nothing to start from. A whole experiment may name any preset. */
function baseOf(json: Plain): Plain | string {
  const { preset = defaultPreset } = json
  const found = typeof preset === 'string' ? findPreset(preset) : null
  if (found !== null) return found.experiment
  if (experimentSchema.safeParse(json).success) return json
  return `preset: got ${show(preset)}, expected one of ${presets.map(({ id }) => id).join(', ')}`
}

/** `schedule` and the like say by `kind` what else they hold, so another kind replaces the whole. */
function merge(base: unknown, change: unknown): unknown {
  if (!isPlain(base) || !isPlain(change)) return change
  if ('kind' in change && change.kind !== base.kind) return change
  const merged = Object.entries(change).map(([key, value]) => [key, merge(base[key], value)])
  return { ...base, ...Object.fromEntries(merged) }
}

/** Settings that the schema left out of what it read: no experiment has them. */
function unknownSettings(given: unknown, read: unknown, path: string): string[] {
  if (!isObject(given) || !isObject(read)) return []
  return Object.entries(given).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`
    if (key in read) return unknownSettings(value, read[key], here)
    return [`${here}: no such setting beside ${Object.keys(read).join(', ')}`]
  })
}

function line({ path, got, demand }: ReturnType<typeof describeIssue>): string {
  return `${path}: got ${got}, ${demand}`
}

function isObject(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null
}

function isPlain(value: unknown): value is Plain {
  return isObject(value) && !Array.isArray(value)
}
