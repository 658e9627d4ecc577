import { LabError } from '../../src/contracts/errors.ts'
import type { FileInput } from '../../src/contracts/session.ts'
import type { Dataset } from '../data/dataset.ts'
import type { NdArray } from '../data/nd-array.ts'
import { readNpz } from '../data/npz.ts'
import { datasetFromNpz } from '../data/own-data.ts'
import { readSafetensors } from '../data/safetensors.ts'
import { sha256Hex } from '../data/sha256.ts'
import { loadWeights } from '../data/weights.ts'
import type { Network } from '../networks/network.ts'
import { asLabError } from './errors.ts'

/** Initial weights from a file. */
export interface ImportedWeights {
  readonly weights: Float32Array
  readonly hash: string
  /** Whether a network has the layout they were read for. */
  fits(network: Network): boolean
}

/** Reads `.npz` or `.safetensors` weights for a network. Throws a `LabError` that says what does not fit. */
export function readOwnWeights(file: FileInput, network: Network): ImportedWeights {
  try {
    const weights = loadWeights(readTensors(file), network.parameters)
    return { weights, hash: sha256Hex(weights), fits: (other) => other.description === network.description }
  } catch (error) {
    const { message, code } = asLabError(error)
    throw new LabError(code === 'bad-data' ? 'bad-weights' : code, message, `The network is ${network.description}; change its layers or export the weights again.`, { cause: error })
  }
}

/** Reads an `.npz` with x and y. */
export function readOwnData(file: FileInput): Dataset {
  try {
    return datasetFromNpz(file.bytes, { name: file.name })
  } catch (error) {
    throw asLabError(error)
  }
}

function readTensors(file: FileInput): Map<string, NdArray> {
  if (file.name.endsWith('.npz')) return readNpz(file.bytes, file.name)
  if (file.name.endsWith('.safetensors')) return readSafetensors(file.bytes, file.name)
  throw new LabError('bad-weights', `${file.name} is not a weights file.`, 'Weights come as .npz or .safetensors.')
}
