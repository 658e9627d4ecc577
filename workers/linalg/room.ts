import { ADDRESS_LIMIT, largestFittingSize, symmetricEigenBytes } from './layout.ts'

const PAGE_BYTES = 65536

/** Bytes of a memory that is kept for the next problem; larger ones are given back. */
const KEPT_BYTES = 128e6

/** A memory with an identity. */
export interface Room {
  readonly memory: WebAssembly.Memory
  readonly isLarge: boolean
  /** Whether it holds what another problem left; otherwise zeros. */
  readonly isUsed: boolean
}

/** Memories for problems, one at a time kept in reserve. */
export class Rooms {
  private spare: WebAssembly.Memory | null = null

  constructor(private readonly isShared: boolean) {}

  /** A memory of at least the bytes that a problem needs. Throws a RangeError that says what would fit. */
  take(size: number, vectors: boolean, limitBytes: number): Room {
    const bytes = symmetricEigenBytes(size, vectors)
    if (bytes > Math.min(limitBytes, ADDRESS_LIMIT)) throw tooLarge(size, vectors, bytes, Math.min(limitBytes, ADDRESS_LIMIT))
    const spare = this.spare
    if (spare !== null && spare.buffer.byteLength >= bytes) {
      this.spare = null
      return { memory: spare, isLarge: false, isUsed: true }
    }
    try {
      const memory = new WebAssembly.Memory({ initial: bytes / PAGE_BYTES, maximum: ADDRESS_LIMIT / PAGE_BYTES, shared: this.isShared })
      return { memory, isLarge: bytes > KEPT_BYTES, isUsed: false }
    } catch (cause) {
      throw new RangeError(`${described(size, vectors)} needs ${gigabytes(bytes)}, which this machine refuses; choose a smaller matrix or close other pages`, { cause })
    }
  }

  giveBack({ memory }: Room): void {
    if (memory.buffer.byteLength <= KEPT_BYTES) this.spare = memory
  }
}

/** Makes a memory larger. Throws a RangeError where it cannot be. */
export function growTo(memory: WebAssembly.Memory, bytes: number, purpose: string): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE_BYTES)
  if (missing <= 0) return
  try {
    memory.grow(missing)
  } catch (cause) {
    throw new RangeError(`${purpose} needs ${gigabytes(bytes)} in all, which this machine refuses; choose a smaller layer or close other pages`, { cause })
  }
}

function tooLarge(size: number, vectors: boolean, bytes: number, limit: number): RangeError {
  const fitting = largestFittingSize(limit, vectors)
  return new RangeError(`${described(size, vectors)} needs ${gigabytes(bytes)} and the limit is ${gigabytes(limit)}; the largest size that fits is ${fitting}`)
}

function described(size: number, vectors: boolean): string {
  return `an eigendecomposition of size ${size} ${vectors ? 'with' : 'without'} vectors`
}

function gigabytes(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
}
