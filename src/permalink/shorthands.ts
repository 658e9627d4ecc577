import type { Parameters } from './parameters.ts'

/** Networks of the thesis by name, for links written by hand: `net=mlp50`. Hidden layers. */
const NETS: ReadonlyMap<string, string> = new Map([
  ['mlp50', '50,50'],
  ['mlp256', '256,128,64'],
])

/** Writes short forms out. What a link says at length goes first; an unknown net stays, to be reported. */
export function expandShorthands(parameters: Parameters): Parameters {
  const shape = NETS.get(parameters.get('net') ?? '')
  if (shape === undefined) return parameters
  const expanded: Parameters = new Map([['networkShape', shape], ...parameters])
  expanded.delete('net')
  return expanded
}
