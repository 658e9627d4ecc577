import { EngineError } from '../engine.ts'
import type { BufferHandle, BufferKind } from '../tensor.ts'
import type { FailureWatch } from './failure.ts'

const ELEMENT_BYTES = 4
const MIB = 1024 * 1024

/** The storage buffers of an engine. */
export class Storage {
  private readonly buffers = new Map<number, GPUBuffer>()
  private nextId = 0
  private heldBytes = 0

  constructor(
    private readonly device: GPUDevice,
    private readonly failures: FailureWatch,
  ) {}

  get bytes(): number {
    return this.heldBytes
  }

  /** Throws `EngineError('memory')` beyond the device's limits; running out later is reported as a failure. */
  allocate(kind: BufferKind, length: number, label: string): BufferHandle {
    if (!Number.isInteger(length) || length < 1) throw new EngineError('buffer', `webgpu engine: ${label} of ${length} elements; ask for a positive whole number`)
    const size = length * ELEMENT_BYTES
    const limit = Math.min(this.device.limits.maxStorageBufferBindingSize, this.device.limits.maxBufferSize)
    if (size > limit) {
      throw new EngineError('memory', `webgpu engine: ${label} needs ${mebibytes(size)}, the adapter binds at most ${mebibytes(limit)} at once; use fewer samples or the CPU engine`)
    }
    this.device.pushErrorScope('out-of-memory')
    const buffer = this.device.createBuffer({ label, size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST })
    void this.device.popErrorScope().then((error) => {
      if (error !== null) this.failures.fail(new EngineError('memory', `webgpu engine: no memory for ${label} of ${mebibytes(size)}; use fewer samples or the CPU engine`))
    })
    const handle: BufferHandle = { id: this.nextId++, kind, length, label }
    this.buffers.set(handle.id, buffer)
    this.heldBytes += size
    return handle
  }

  free(handle: BufferHandle): void {
    const buffer = this.buffers.get(handle.id)
    if (buffer === undefined) return
    this.heldBytes -= buffer.size
    this.buffers.delete(handle.id)
    buffer.destroy()
  }

  /** Throws `EngineError('buffer')` for buffers that were freed or belong elsewhere. */
  get(handle: BufferHandle): GPUBuffer {
    const buffer = this.buffers.get(handle.id)
    if (buffer === undefined || buffer.label !== handle.label) {
      throw new EngineError('buffer', `webgpu engine: no buffer ${handle.label}; it was freed or belongs to another engine`)
    }
    return buffer
  }

  destroy(): void {
    for (const buffer of this.buffers.values()) buffer.destroy()
    this.buffers.clear()
    this.heldBytes = 0
  }
}

/** Throws `EngineError('buffer')` when [offset, offset + length) is not inside the buffer. */
export function checkRange(buffer: BufferHandle, offset: number, length: number, verb: string): void {
  if (offset < 0 || length < 0 || offset + length > buffer.length) {
    throw new EngineError('buffer', `webgpu engine: ${verb} [${offset}, ${offset + length}) of ${buffer.label}, which has ${buffer.length} elements`)
  }
}

function mebibytes(bytes: number): string {
  return `${(bytes / MIB).toFixed(bytes < MIB ? 3 : 0)} MiB`
}
