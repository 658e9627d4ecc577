import { EngineError } from '../engine.ts'
import { Heap } from './heap.ts'

const PAGE_BYTES = 65536

/** All addresses a 32-bit module can have. */
export const ADDRESS_LIMIT = 65536 * PAGE_BYTES

/** The linear memory of a module: allocation, growth, and views that survive growth. */
export class Storage {
  readonly memory: WebAssembly.Memory
  private readonly limit: number
  private heap: Heap
  private floatView: Float32Array
  private wordView: Uint32Array

  constructor(limit: number) {
    this.limit = limit
    this.memory = new WebAssembly.Memory({ initial: 1, maximum: ADDRESS_LIMIT / PAGE_BYTES })
    this.heap = new Heap(0, limit)
    this.floatView = new Float32Array(this.memory.buffer)
    this.wordView = new Uint32Array(this.memory.buffer)
  }

  /** Starts the heap at an address, forgetting all blocks. */
  startAt(base: number): void {
    this.heap = new Heap(base, this.limit)
  }

  /** The whole memory as floats; element i is address 4i. Do not hold it across an allocation. */
  get floats(): Float32Array {
    if (this.floatView.length === 0 || this.floatView.buffer !== this.memory.buffer) this.floatView = new Float32Array(this.memory.buffer)
    return this.floatView
  }

  /** The whole memory as unsigned words; element i is address 4i. Do not hold it across an allocation. */
  get words(): Uint32Array {
    if (this.wordView.length === 0 || this.wordView.buffer !== this.memory.buffer) this.wordView = new Uint32Array(this.memory.buffer)
    return this.wordView
  }

  /** Address of a zero-filled block. Throws `EngineError('memory')` naming need and limit. */
  allocate(bytes: number, label: string): number {
    const start = this.heap.allocate(bytes)
    if (start === null) throw this.tooMuch(bytes, label)
    try {
      this.growTo(this.heap.top)
    } catch (cause) {
      this.heap.free(start)
      throw this.tooMuch(bytes, label, cause)
    }
    this.words.fill(0, start / 4, start / 4 + Math.ceil(bytes / 4))
    return start
  }

  free(start: number): void {
    this.heap.free(start)
  }

  private growTo(top: number): void {
    const missing = top - this.memory.buffer.byteLength
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE_BYTES))
  }

  private tooMuch(bytes: number, label: string, cause?: unknown): EngineError {
    return new EngineError(
      'memory',
      `wasm engine: ${label} needs ${megabytes(bytes)} more than the ${megabytes(this.heap.top)} in use, and the limit is ${megabytes(this.limit)}; use fewer samples or a smaller network`,
      { cause },
    )
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
