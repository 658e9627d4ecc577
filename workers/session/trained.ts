import { z } from 'zod'
import { LabError } from '../../src/contracts/errors.ts'
import type { NetworkSettings } from '../../src/contracts/experiment.ts'
import { formatLayer, layerSchema } from '../../src/contracts/layers.ts'
import type { TrainedNetwork } from '../../src/contracts/results.ts'
import { sha256Hex } from '../data/sha256.ts'
import type { ByteSource } from '../data/source.ts'
import type { Network } from '../networks/network.ts'
import type { InitialState } from './imports.ts'

/** `checkpoints/index.json`, which `scripts/ship-checkpoint.ts` writes. */
const indexSchema = z.array(
  z.object({
    id: z.string(),
    title: z.string(),
    dataset: z.string(),
    layers: z.array(layerSchema),
    activation: z.string(),
    epochs: z.number(),
    seconds: z.number(),
    machine: z.string(),
    trainAccuracy: z.number(),
    testAccuracy: z.number(),
    precision: z.enum(['float32', 'float16']),
    bytes: z.number(),
    file: z.string().regex(/^[\w-]+\.safetensors$/),
    sha256: z.string(),
  }),
)

/** A network that comes with the lab, ready to start from. */
export interface LoadedTrained {
  readonly state: InitialState
  readonly card: TrainedNetwork
}

/**
 * Loads a trained network that comes with the lab. Throws a `LabError` when there is none of that name, when it has
 * other layers than the experiment, or when its file is damaged.
 */
export async function loadTrained(id: string, network: Network, settings: NetworkSettings, source: ByteSource, signal: AbortSignal): Promise<LoadedTrained> {
  const folder = new URL('checkpoints/', source.baseUrl).href
  const index = await readIndex(source, `${folder}index.json`, signal)
  const entry = index.find((candidate) => candidate.id === id)
  if (entry === undefined) throw new LabError('bad-settings', `There is no trained network "${id}" here.`, `Choose ${index.map((known) => known.id).join(', ') || 'initial weights'}.`)
  const layers = entry.layers.map(formatLayer).join(',')
  if (layers !== settings.layers.map(formatLayer).join(',') || entry.activation !== settings.activation) {
    throw new LabError('bad-settings', `The trained network "${id}" has the layers ${layers} with ${entry.activation}.`, 'Choose its layers, or start from initial weights.')
  }
  const bytes = await source.fetchBytes(folder + entry.file, signal)
  const damaged = bytes === null ? 'is missing' : sha256Hex(bytes) === entry.sha256 ? null : 'is damaged'
  if (bytes === null || damaged !== null) throw new LabError('bad-weights', `The file ${entry.file} of the trained network "${id}" ${damaged ?? ''}.`, 'Reload the page, or start from initial weights.')
  const { readState } = await import('./imports.ts')
  const { layers: _layers, activation: _activation, file: _file, sha256, ...card } = entry
  return { state: { values: readState([{ name: entry.file, bytes }], network, settings), hash: sha256 }, card }
}

async function readIndex(source: ByteSource, url: string, signal: AbortSignal): Promise<z.infer<typeof indexSchema>> {
  const bytes = await source.fetchBytes(url, signal)
  const parsed = bytes === null ? null : indexSchema.safeParse(parseJson(bytes))
  if (parsed?.success === true) return parsed.data
  throw new LabError('bad-weights', `The list of trained networks at ${url} ${bytes === null ? 'is missing' : 'cannot be read'}.`, 'Start from initial weights.')
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
}
