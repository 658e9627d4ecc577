import { denseLayers } from './layers.ts'

type Plain = Readonly<Record<string, unknown>>

/**
 * Experiment files of earlier versions of the lab in today's terms: `network.hidden`, a list of widths, became
 * `network.layers`. Settings that were added since have defaults that mean what the lab did before.
 */
export function upgradeExperiment(json: Plain): Plain {
  const { network } = json
  if (!isPlain(network) || !Array.isArray(network.hidden) || 'layers' in network) return json
  const { hidden, ...rest } = network
  return { ...json, network: { layers: denseLayers(...(hidden as number[])), ...rest } }
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
