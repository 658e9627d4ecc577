import { parseParameters, type Parameters } from './parameters.ts'
import { unpackParameters } from './payload.ts'

/** What a server or an embedding page may put behind `?`; other programs' keys there are none of ours. */
const QUERY_KEYS = /^(preset|embed|hideText|tutorial|\w{1,40}_hide)$/

/** No link of ours is longer. */
const MAX_LENGTH = 100_000

export interface Gathered {
  readonly parameters: Parameters
  /** What could not be read, in a sentence each. */
  readonly faults: readonly string[]
}

/** Parameters of query, compressed payload and fragment as one; the fragment's own count most, the query's least. */
export function gatherParameters(fragment: string, query: string): Gathered {
  const faults: string[] = []
  const own = parse(fragment, 'link', faults)
  const asked = [...parse(query, 'query', faults)].filter(([key]) => QUERY_KEYS.test(key))
  const packed = unpack(own, faults)
  return { parameters: new Map([...asked, ...packed, ...own]), faults }
}

function parse(text: string, what: string, faults: string[]): Parameters {
  if (text.length > MAX_LENGTH) {
    faults.push(`${what}: ${String(text.length)} characters, expected at most ${String(MAX_LENGTH)}; ignored`)
    return new Map()
  }
  const { parameters, repeated } = parseParameters(text)
  for (const key of repeated) faults.push(`${key}: given more than once in the ${what}; used the last`)
  return parameters
}

function unpack(own: Parameters, faults: string[]): Parameters {
  const payload = own.get('z')
  own.delete('z')
  if (payload === undefined) return new Map()
  const unpacked = unpackParameters(payload)
  if (unpacked === null) faults.push('z: the compressed part of the link is damaged, cut off or of a newer kind; used the preset')
  return unpacked ?? new Map<string, string>()
}
