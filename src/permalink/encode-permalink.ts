import type { Experiment } from '../contracts/experiment.ts'
import { basePreset } from './base-preset.ts'
import { fields } from './fields.ts'
import { NO_EMBED, type EmbedOptions, type Link } from './link.ts'
import { LINK_VERSION } from './migrations.ts'
import { formatParameters, type Parameters } from './parameters.ts'
import { packParameters } from './payload.ts'
import { formatFingerprint } from './run-fingerprint.ts'

/** Longer links are compressed: what mail programs and chats pass on unharmed. */
export const MAX_READABLE = 1500

/** Digits of the data set's SHA-256 that a link carries. */
const HASH_DIGITS = 16

export type LinkToEncode = Pick<Link, 'experiment'> & { readonly appVersion: string } & Partial<Link>

/**
 * The fragment of a link, without `#`: version, preset, and what differs from the preset. Equal experiments give
 * equal links. An experiment of an unknown preset is written as differences from the default one.
 */
export function encodePermalink(link: LinkToEncode): string {
  const parameters = toParameters(link)
  const readable = formatParameters(parameters)
  return readable.length <= MAX_READABLE ? readable : `z=${packParameters(parameters)}`
}

function toParameters(link: LinkToEncode): Parameters {
  const { experiment, engine = 'auto', appVersion, datasetHash, fingerprint, embed = NO_EMBED } = link
  const preset = basePreset(experiment.preset)
  const parameters: Parameters = new Map([
    ['v', String(LINK_VERSION)],
    ['preset', preset.id],
    ...differences(experiment, preset.experiment),
    ['app', appVersion],
  ])
  if (engine !== 'auto') parameters.set('engine', engine)
  if (datasetHash) parameters.set('data', datasetHash.slice(0, HASH_DIGITS))
  if (fingerprint) parameters.set('fp', formatFingerprint(fingerprint))
  addEmbed(parameters, embed)
  return parameters
}

function differences(experiment: Experiment, preset: Experiment): [string, string][] {
  return fields.flatMap(({ key, write }) => {
    const text = write(experiment, preset)
    return text === null ? [] : [[key, text] as [string, string]]
  })
}

function addEmbed(parameters: Parameters, { embed, hideText, tutorial, hidden }: EmbedOptions): void {
  if (embed) parameters.set('embed', '1')
  if (hideText) parameters.set('hideText', 'true')
  if (tutorial !== null) parameters.set('tutorial', tutorial)
  for (const control of [...hidden].sort()) parameters.set(`${control}_hide`, 'true')
}
