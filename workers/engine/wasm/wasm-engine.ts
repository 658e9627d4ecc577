import { EngineError, type Engine, type EngineInfo, type Executable } from '../engine.ts'
import { makePlan } from '../plan.ts'
import type { Recording } from '../recording.ts'
import type { BufferHandle, BufferKind } from '../tensor.ts'
import { instantiate, isSupported, type KernelModule, type Variant } from './module.ts'
import { ADDRESS_LIMIT, Storage } from './storage.ts'
import { WasmExecutable, type Host } from './wasm-executable.ts'

/** Choices when a CPU engine is made. */
export interface WasmEngineOptions {
  /**
   * Fused multiply-add where the machine has it: faster, but the last bits depend on the CPU. Ignored (see `info`)
   * where the runtime does not know relaxed SIMD.
   */
  readonly relaxed?: boolean
  /** Most bytes the engine may take; 4 GB by default, which is all that a 32-bit module can address. */
  readonly memoryLimit?: number
}

const INFO: Record<Variant, EngineInfo> = {
  plain: {
    name: 'wasm',
    precision: 'float32',
    label: 'CPU (WebAssembly SIMD)',
    numericalVersion: 'wasm-simd-1',
    bitExact: true,
    fallbackAdapter: false,
  },
  relaxed: {
    name: 'wasm',
    precision: 'float32',
    label: 'CPU (WebAssembly relaxed SIMD, not bit-exact)',
    numericalVersion: 'wasm-relaxed-simd-1',
    bitExact: false,
    fallbackAdapter: false,
  },
}

/**
 * The CPU executor: AssemblyScript kernels on 128-bit SIMD, one thread. Equal inputs give equal bits on every
 * machine unless `relaxed` is asked for. Throws `EngineError('unavailable')` without WebAssembly SIMD.
 */
export async function createWasmEngine(options: WasmEngineOptions = {}): Promise<Engine> {
  const variant: Variant = options.relaxed === true && isSupported('relaxed') ? 'relaxed' : 'plain'
  const storage = new Storage(Math.min(options.memoryLimit ?? ADDRESS_LIMIT, ADDRESS_LIMIT))
  const module = await instantiate(variant, storage.memory)
  storage.startAt(module.heapBase())
  return new WasmEngine(INFO[variant], module, storage)
}

class WasmEngine implements Engine, Host {
  readonly lost = new Promise<string>(() => undefined)
  scratch = 0
  private scratchLength = 0
  private readonly addresses = new Map<number, number>()
  private readonly lengths = new Map<number, number>()
  private nextId = 0

  constructor(
    readonly info: EngineInfo,
    readonly module: KernelModule,
    readonly storage: Storage,
  ) {}

  allocate(kind: BufferKind, length: number, label: string): BufferHandle {
    const address = this.storage.allocate(4 * length, label)
    const id = this.nextId++
    this.addresses.set(id, address)
    this.lengths.set(id, length)
    return { id, kind, length, label }
  }

  free(buffer: BufferHandle): void {
    this.storage.free(this.addressOf(buffer))
    this.addresses.delete(buffer.id)
    this.lengths.delete(buffer.id)
  }

  write(buffer: BufferHandle, values: Float32Array | Float64Array | Uint32Array, offset = 0): void {
    const start = this.addressOf(buffer) / 4 + offset
    checkRange(buffer, offset, values.length)
    if (buffer.kind === 'float') this.storage.floats.set(values, start)
    else this.storage.words.set(values, start)
  }

  async read(buffer: BufferHandle, offset = 0, length = buffer.length - offset): Promise<Float32Array | Float64Array> {
    const start = this.addressOf(buffer) / 4 + offset
    checkRange(buffer, offset, length)
    if (buffer.kind === 'float') return this.storage.floats.slice(start, start + length)
    return Float64Array.from(this.storage.words.subarray(start, start + length))
  }

  async compile(recording: Recording): Promise<Executable> {
    let temporaries: BufferHandle | null = null
    try {
      const plan = makePlan(recording, (length) => (temporaries = this.allocate('float', length, `${recording.label} temporaries`)))
      return new WasmExecutable(this, plan)
    } catch (error) {
      if (temporaries !== null) this.free(temporaries)
      throw error
    }
  }

  memoryBytes(): number {
    let elements = 0
    for (const length of this.lengths.values()) elements += length
    return 4 * elements
  }

  dispose(): void {
    this.addresses.clear()
    this.lengths.clear()
  }

  addressOf(buffer: BufferHandle): number {
    const address = this.addresses.get(buffer.id)
    if (address === undefined || this.lengths.get(buffer.id) !== buffer.length) {
      throw new EngineError('buffer', `wasm engine: no buffer ${buffer.label}; it was freed or belongs to another engine`)
    }
    return address
  }

  reserveScratch(bytes: number): void {
    if (bytes <= this.scratchLength) return
    const larger = this.storage.allocate(bytes, 'scratch')
    if (this.scratchLength > 0) this.storage.free(this.scratch)
    this.scratch = larger
    this.scratchLength = bytes
  }
}

function checkRange(buffer: BufferHandle, offset: number, length: number): void {
  if (offset < 0 || length < 0 || offset + length > buffer.length) {
    throw new EngineError('buffer', `wasm engine: elements ${offset} to ${offset + length} of ${buffer.label}, which has ${buffer.length}`)
  }
}
