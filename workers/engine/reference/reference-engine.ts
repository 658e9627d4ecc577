import { EngineError, type Capture, type Engine, type EngineInfo, type Executable, type Frame } from '../engine.ts'
import { outputsOf, type Recording } from '../recording.ts'
import { colsOf, sizeOf, type BufferHandle, type BufferKind, type Location, type Tensor } from '../tensor.ts'
import { evaluate } from './evaluate.ts'
import type { Memory } from './matrix.ts'

const INFO: EngineInfo = {
  name: 'reference',
  precision: 'float64',
  label: 'Reference (float64, plain loops)',
  numericalVersion: 'reference-1',
  // Math.exp and Math.log may differ in the last bit from one JavaScript engine to another.
  bitExact: false,
  fallbackAdapter: false,
}

/**
 * The judge: executes recordings operation by operation, unfused, in float64 with plain loops. Slow on purpose;
 * shares no kernel and no fusion with the engines it judges.
 */
export function createReferenceEngine(): Engine {
  return new ReferenceEngine()
}

class ReferenceEngine implements Engine {
  readonly info = INFO
  readonly lost = new Promise<string>(() => undefined)
  private readonly floats = new Map<number, Float64Array>()
  private readonly indices = new Map<number, Uint32Array>()
  private nextId = 0

  allocate(kind: BufferKind, length: number, label: string): BufferHandle {
    const handle: BufferHandle = { id: this.nextId++, kind, length, label }
    try {
      if (kind === 'float') this.floats.set(handle.id, new Float64Array(length))
      else this.indices.set(handle.id, new Uint32Array(length))
    } catch (cause) {
      throw new EngineError('memory', `reference engine: ${label} needs ${length} elements, more than this machine gives; use fewer samples`, { cause })
    }
    return handle
  }

  free(buffer: BufferHandle): void {
    this.floats.delete(buffer.id)
    this.indices.delete(buffer.id)
  }

  write(buffer: BufferHandle, values: Float32Array | Float64Array | Uint32Array, offset = 0): void {
    this.storage(buffer).set(values, offset)
  }

  async read(buffer: BufferHandle, offset = 0, length = buffer.length - offset): Promise<Float64Array> {
    return Float64Array.from(this.storage(buffer).subarray(offset, offset + length))
  }

  async compile(recording: Recording): Promise<Executable> {
    const temporaries = this.allocateTemporaries(recording)
    const memory: Memory = {
      floats: (tensor) => this.float(recording.kept.get(tensor.id)?.buffer ?? tensor.location?.buffer ?? temporaries.get(tensor.id)),
      indices: (buffer) => this.index(buffer),
      location: (tensor) => tensor.location ?? keptAt(recording.kept.get(tensor.id), tensor),
    }
    return {
      rows: recording.rows,
      dispatches: recording.nodes.length,
      run: (frame, count, capture, ratesAt) => {
        for (let i = 0; i < count; i++) this.replay(recording, memory, { ...frame, ...ratesAt?.(i), cursor: frame.cursor + i * recording.rows }, i, capture)
      },
      dispose: () => {
        for (const buffer of temporaries.values()) this.free(buffer)
      },
    }
  }

  memoryBytes(): number {
    let bytes = 0
    for (const values of this.floats.values()) bytes += values.byteLength
    for (const values of this.indices.values()) bytes += values.byteLength
    return bytes
  }

  dispose(): void {
    this.floats.clear()
    this.indices.clear()
  }

  private replay(recording: Recording, memory: Memory, frame: Frame, step: number, capture?: Capture): void {
    for (const node of recording.nodes) evaluate(node, memory, frame)
    if (capture === undefined) return
    const values = this.float(capture.from).subarray(capture.offset, capture.offset + capture.length)
    this.float(capture.into).set(values, step * capture.length)
  }

  private allocateTemporaries(recording: Recording): Map<number, BufferHandle> {
    const buffers = new Map<number, BufferHandle>()
    for (const node of recording.nodes) {
      for (const tensor of outputsOf(node)) {
        if (tensor.location === null && !recording.kept.has(tensor.id)) {
          buffers.set(tensor.id, this.allocate('float', sizeOf(tensor.shape), `${recording.label} temporary ${tensor.id}`))
        }
      }
    }
    return buffers
  }

  private storage(buffer: BufferHandle): Float64Array | Uint32Array {
    return buffer.kind === 'float' ? this.float(buffer) : this.index(buffer)
  }

  private float(buffer: BufferHandle | undefined): Float64Array {
    const values = buffer === undefined ? undefined : this.floats.get(buffer.id)
    if (values === undefined) throw new EngineError('buffer', `reference engine: no float buffer ${buffer?.label ?? '(unplaced)'}; it was freed or belongs to another engine`)
    return values
  }

  private index(buffer: BufferHandle): Uint32Array {
    const values = this.indices.get(buffer.id)
    if (values === undefined) throw new EngineError('buffer', `reference engine: no index buffer ${buffer.label}; it was freed or belongs to another engine`)
    return values
  }
}

/** Kept places are dense, so that every shape of the tensor can be read there. */
function keptAt(location: Location | undefined, tensor: Tensor): Location | null {
  return location === undefined ? null : { ...location, rowStride: colsOf(tensor.shape) }
}
