import type { Experiment } from '../contracts/experiment.ts'
import { defaultPreset, findPreset, presets } from '../contracts/presets.ts'
import type { EngineChoice } from '../contracts/session.ts'
import { basePreset } from './base-preset.ts'
import { fields } from './fields.ts'
import { gatherParameters } from './gather-parameters.ts'
import { LinkReader } from './link-reader.ts'
import type { DecodedLink, EmbedOptions } from './link.ts'
import { LINK_VERSION, migrate, OLDEST_VERSION } from './migrations.ts'
import type { Parameters } from './parameters.ts'
import { parseFingerprint, type RunFingerprint } from './run-fingerprint.ts'
import { expandShorthands } from './shorthands.ts'

const ENGINES: readonly EngineChoice[] = ['auto', 'wasm', 'wasm-relaxed', 'webgpu', 'reference']
const HIDE = /^\w{1,40}_hide$/

/**
 * Reads a link: the fragment with or without `#`, and the query. Never throws. Keys it does not know are left out,
 * numbers out of range are clamped, and what cannot be read falls back to the preset, each with a notice that names
 * key, value, what was expected and what is used.
 */
export function decodePermalink(fragment: string, query = ''): DecodedLink {
  const { parameters, faults } = gatherParameters(fragment, query)
  const { version, fault } = readVersion(parameters)
  const link = new LinkReader(expandShorthands(migrate(parameters, version)))
  for (const message of [...faults, ...fault]) link.warn(message)
  const decoded = {
    experiment: readExperiment(link),
    engine: readEngine(link),
    appVersion: link.match('app', /^[\w.+-]{1,40}$/, 'a version such as 1.2.0'),
    datasetHash: link.match('data', /^[0-9a-f]{8,64}$/, '8 to 64 hexadecimal digits'),
    fingerprint: readFingerprint(link),
    embed: readEmbed(link),
  }
  link.reportRest()
  return { ...decoded, notices: link.notices }
}

/** Links written by hand may leave the version out. */
function readVersion(parameters: Parameters): { readonly version: number; readonly fault: readonly string[] } {
  const text = parameters.get('v') ?? String(LINK_VERSION)
  parameters.delete('v')
  const version = /^\d{1,6}$/.test(text) ? Number(text) : NaN
  if (version > LINK_VERSION) {
    return { version: LINK_VERSION, fault: [`v: the link is of version ${text}, this page reads up to ${String(LINK_VERSION)}; used what it knows`] }
  }
  if (version >= OLDEST_VERSION) return { version, fault: [] }
  return { version: LINK_VERSION, fault: [`v: got ${JSON.stringify(text.slice(0, 40))}, expected a version from ${String(OLDEST_VERSION)} on; used ${String(LINK_VERSION)}`] }
}

function readExperiment(link: LinkReader): Experiment {
  let experiment = basePreset(readPreset(link)).experiment
  for (const { key, read } of fields) {
    const text = link.take(key)
    if (text === null) continue
    const reading = read(text, experiment)
    experiment = reading.experiment
    if (reading.problems.length > 0) link.refuseField(key, text, reading.problems, reading.used)
  }
  return experiment
}

function readPreset(link: LinkReader): string {
  const id = link.take('preset') ?? defaultPreset
  if (findPreset(id) !== null) return id
  link.refuse('preset', id, `expected one of ${presets.map((preset) => preset.id).join(', ')}`, defaultPreset)
  return defaultPreset
}

function readEngine(link: LinkReader): EngineChoice {
  const text = link.take('engine') ?? 'auto'
  const engine = ENGINES.find((choice) => choice === text)
  if (engine === undefined) link.refuse('engine', text, `expected one of ${ENGINES.join(', ')}`, 'auto')
  return engine ?? 'auto'
}

function readFingerprint(link: LinkReader): RunFingerprint | null {
  const text = link.take('fp')
  if (text === null) return null
  const fingerprint = parseFingerprint(text)
  if (fingerprint === null) link.refuse('fp', text, 'expected a fingerprint such as wasm.10-3fa94b21', 'nothing')
  return fingerprint
}

function readEmbed(link: LinkReader): EmbedOptions {
  return {
    embed: readFlag(link, 'embed'),
    hideText: readFlag(link, 'hideText'),
    tutorial: link.match('tutorial', /^[\w-]{1,60}$/, 'the name of a lesson'),
    hidden: link.keys(HIDE).filter((key) => readFlag(link, key)).map((key) => key.slice(0, -'_hide'.length)).sort(),
  }
}

function readFlag(link: LinkReader, key: string): boolean {
  const text = link.match(key, /^(true|false|1|0)$/, 'true or false')
  return text === 'true' || text === '1'
}
