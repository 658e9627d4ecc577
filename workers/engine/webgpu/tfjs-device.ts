import type * as TfjsCore from '@tensorflow/tfjs-core'
import { EngineError } from '../engine.ts'
import { formatShape, sizeOf, type BufferHandle } from '../tensor.ts'
import type { WebGpuEngine } from './webgpu-engine.ts'

/** tfjs working on an engine's device. Both submit to one queue: see `flush` and `changed`. */
export interface TfjsDevice {
  readonly tf: typeof TfjsCore
  /**
   * A float32 tensor of a whole engine buffer, without a copy. Disposing of it leaves the buffer alone; it must not
   * outlive the buffer. A `tf.variable` of it stops sharing at the first assignment.
   */
  view(buffer: BufferHandle, shape: number[]): TfjsCore.Tensor
  /** Submits what tfjs holds back; call before the engine reads a buffer that tfjs wrote. */
  flush(): void
  /** Forgets the CPU copy that `data()` keeps of a view; call after the engine wrote the buffer. */
  changed(view: TfjsCore.Tensor): void
  /** Takes tfjs off the device; its tensors are gone, the engine's buffers stay. */
  dispose(): void
}

const BACKEND = 'webgpu'
const PRIORITY = 3

/** Loads tfjs and makes the engine's device its WebGPU backend. One engine at a time can have it. */
export async function openTfjs(engine: WebGpuEngine): Promise<TfjsDevice> {
  const [tf, { WebGPUBackend }] = await Promise.all([import('@tensorflow/tfjs-core'), import('@tensorflow/tfjs-backend-webgpu')])
  const backend = new WebGPUBackend(engine.device, engine.adapterInfo)
  tf.removeBackend(BACKEND)
  tf.registerBackend(BACKEND, () => backend, PRIORITY)
  if (!(await tf.setBackend(BACKEND))) throw new EngineError('unavailable', 'tfjs: its WebGPU backend did not start on the engine\'s device')
  return {
    tf,
    view: (buffer, shape) => {
      if (buffer.kind !== 'float' || sizeOf(shape) !== buffer.length) {
        throw new EngineError('buffer', `tfjs view of ${buffer.label}: shape ${formatShape(shape)} must cover its ${buffer.length} float elements`)
      }
      return tf.tensor({ buffer: engine.bufferOf(buffer), zeroCopy: true }, shape, 'float32')
    },
    flush: () => {
      backend.ensureCommandEncoderReady()
      backend.endComputePassEncoder()
      backend.submitQueue()
    },
    changed: (view) => {
      Reflect.set(backend.tensorMap.get(view.dataId), 'values', null)
    },
    dispose: () => tf.removeBackend(BACKEND),
  }
}
