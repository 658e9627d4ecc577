import type { Engine } from '../engine/engine.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import { allocateAll } from './allocate-all.ts'

/** Samples in an engine: inputs [samples, features] row-major and labels [samples]. */
export interface ResidentData {
  readonly inputs: BufferHandle
  readonly labels: BufferHandle
  readonly samples: number
  readonly features: number
}

/** Copies samples into an engine once; every plan reads them from there. */
export function uploadData(engine: Engine, images: Float32Array, labels: Uint8Array, features: number, label: string): ResidentData {
  const [inputs, classes] = allocateAll(engine, [
    ['float', images.length, `${label} inputs`],
    ['index', labels.length, `${label} labels`],
  ])
  engine.write(inputs, images)
  engine.write(classes, Uint32Array.from(labels))
  return { inputs, labels: classes, samples: labels.length, features }
}

/** Frees what `uploadData` allocated. */
export function freeData(engine: Engine, data: ResidentData): void {
  engine.free(data.inputs)
  engine.free(data.labels)
}
