import type { Engine } from '../engine/engine.ts'
import type { BufferHandle, BufferKind } from '../engine/tensor.ts'

/** Kind, length and label of a buffer. */
export type BufferRequest = readonly [kind: BufferKind, length: number, label: string]

/** Allocates all of the buffers or, when one does not fit, none; throws the engine's error then. */
export function allocateAll(engine: Engine, requests: readonly BufferRequest[]): BufferHandle[] {
  const buffers: BufferHandle[] = []
  try {
    for (const [kind, length, label] of requests) buffers.push(engine.allocate(kind, length, label))
    return buffers
  } catch (error) {
    for (const buffer of buffers) engine.free(buffer)
    throw error
  }
}
