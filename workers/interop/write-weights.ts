import type { NetworkSettings } from '../../src/contracts/experiment.ts'
import type { FileOutput } from '../../src/contracts/session.ts'
import { writeNpz } from '../data/npz.ts'
import { writeSafetensors } from '../data/safetensors.ts'
import type { Network } from '../networks/network.ts'
import { graphOf } from './graph.ts'
import { kerasArrays } from './keras-weights.ts'
import { ownArrays } from './own-weights.ts'
import { checkState, slotsOf } from './slots.ts'
import { tfjsZip } from './tfjs-files.ts'

/** `npz` and `safetensors` have our names, `keras` Keras's names and order in an .npz, `tfjs` is a zip of a layers model. */
export type WeightsFormat = 'npz' | 'safetensors' | 'keras' | 'tfjs'

/**
 * The flat state of a network (weights, and the statistics of batch norms behind them) as one file; equal numbers give
 * equal bytes.
 * @param settings the layers that `network` was built from
 * @throws RangeError when the numbers are not those of the network
 */
export function writeWeights(format: WeightsFormat, network: Network, settings: NetworkSettings, state: Float32Array): FileOutput {
  checkState(network, state)
  const [graph, slots] = [graphOf(settings, network), slotsOf(network)]
  switch (format) {
    case 'npz':
      return { name: 'weights.npz', mime: 'application/octet-stream', bytes: writeNpz(ownArrays(slots, state)) }
    case 'safetensors':
      return { name: 'weights.safetensors', mime: 'application/octet-stream', bytes: writeSafetensors(ownArrays(slots, state)) }
    case 'keras':
      return { name: 'weights-keras.npz', mime: 'application/octet-stream', bytes: writeNpz(kerasArrays(graph, slots, state)) }
    case 'tfjs':
      return { name: 'model-tfjs.zip', mime: 'application/zip', bytes: tfjsZip(graph, slots, state, 'hessian_lab') }
  }
}
