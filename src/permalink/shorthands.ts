import { findPreset } from '../contracts/presets.ts'
import { formatLayer } from '../contracts/layers.ts'
import type { Parameters } from './parameters.ts'

/** Networks of the thesis by name, for links written by hand: `net=mlp50`. The presets that have them. */
const NETS: readonly string[] = ['mlp50', 'mlp256', 'lenet', 'minialexnet', 'resnet20']

/** Writes short forms out. What a link says at length goes first; an unknown net stays, to be reported. */
export function expandShorthands(parameters: Parameters): Parameters {
  const net = parameters.get('net') ?? ''
  const preset = NETS.includes(net) ? findPreset(net) : null
  if (preset === null) return parameters
  const expanded: Parameters = new Map([['networkShape', preset.experiment.network.layers.map(formatLayer).join(',')], ...parameters])
  expanded.delete('net')
  return expanded
}
