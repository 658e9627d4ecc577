import { LabError } from '../../src/contracts/errors.ts'
import type { NetworkSettings } from '../../src/contracts/experiment.ts'
import type { FileInput } from '../../src/contracts/session.ts'
import { sha256Hex } from '../data/sha256.ts'
import { readWeights } from '../interop/read-weights.ts'
import type { Network } from '../networks/network.ts'
import { asLabError } from './errors.ts'

/** A flat state to start from instead of the initialiser's, [stateLength]. */
export interface InitialState {
  readonly values: Float32Array
  readonly hash: string
}

/** A state from the user's files. */
export interface ImportedWeights extends InitialState {
  /** Whether a network has the layout they were read for. */
  fits(network: Network): boolean
}

/** Reads the user's weights for a network. Throws a `LabError` that says what does not fit. */
export function readOwnWeights(files: readonly FileInput[], network: Network, settings: NetworkSettings): ImportedWeights {
  const values = readState(files, network, settings)
  return { values, hash: sha256Hex(values), fits: (other) => other.description === network.description }
}

/** Weights with the running statistics behind them. */
export function readState(files: readonly FileInput[], network: Network, settings: NetworkSettings): Float32Array {
  try {
    return readWeights(files, network, settings)
  } catch (error) {
    const { message, code } = asLabError(error)
    throw new LabError(code === 'bad-data' ? 'bad-weights' : code, message, `The network is ${network.description}; change its layers or export the weights again.`, { cause: error })
  }
}
