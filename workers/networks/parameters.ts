import type { Recorder } from '../engine/recorder.ts'
import type { BufferHandle, Tensor } from '../engine/tensor.ts'
import type { Network } from './network.ts'

/** Every parameter of a network as a tensor on a flat vector, in layout order. */
export function parameterTensors(recorder: Recorder, network: Network, flat: BufferHandle): readonly Tensor[] {
  return network.parameters.map(({ offset, shape }) => recorder.fixed(flat, offset, shape))
}
