import type { Recorder } from '../engine/recorder.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import type { Network } from './network.ts'
import type { NetworkTensors } from './passes.ts'

/** Every parameter and running statistic of a network as a tensor on its flat state, in layout order. */
export function networkTensors(recorder: Recorder, network: Network, state: BufferHandle): NetworkTensors {
  return {
    parameters: network.parameters.map(({ offset, shape }) => recorder.fixed(state, offset, shape)),
    statistics: network.statistics.map(({ offset, size }) => recorder.fixed(state, network.parameterCount + offset, [size])),
  }
}
