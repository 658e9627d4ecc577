/** Blocks start at multiples of a cache line. */
const ALIGNMENT = 64

/** Kernels load and store whole vectors: up to this many bytes behind the last element of a block. */
const PADDING = 32

interface Block {
  start: number
  end: number
}

/**
 * Hands out addresses of [base, limit): first fit among the holes, else behind the last block. Neighbouring holes
 * merge, and a hole at the end shrinks `top`. Knows nothing of the memory behind the addresses.
 */
export class Heap {
  /** Addresses from here on are unused. */
  top: number
  private readonly limit: number
  private readonly base: number
  /** Holes below `top`, by address. */
  private readonly holes: Block[] = []
  private readonly used = new Map<number, number>()

  constructor(base: number, limit: number) {
    this.base = align(base)
    this.limit = limit
    this.top = this.base
  }

  /** Address of `bytes` bytes and their padding, or null when they do not fit below the limit. */
  allocate(bytes: number): number | null {
    const size = align(bytes + PADDING)
    const start = this.takeHole(size) ?? this.extend(size)
    if (start !== null) this.used.set(start, size)
    return start
  }

  /** Returns a block. Throws a RangeError when none starts at the address. */
  free(start: number): void {
    const size = this.used.get(start)
    if (size === undefined) throw new RangeError(`heap: no block starts at ${start}; it was freed before or never allocated`)
    this.used.delete(start)
    this.addHole({ start, end: start + size })
  }

  private takeHole(size: number): number | null {
    const at = this.holes.findIndex(({ start, end }) => end - start >= size)
    if (at < 0) return null
    const hole = this.holes[at]
    const start = hole.start
    hole.start += size
    if (hole.start === hole.end) this.holes.splice(at, 1)
    return start
  }

  private extend(size: number): number | null {
    if (this.top + size > this.limit) return null
    const start = this.top
    this.top += size
    return start
  }

  private addHole(hole: Block): void {
    const at = this.holes.findIndex(({ start }) => start > hole.start)
    this.holes.splice(at < 0 ? this.holes.length : at, 0, hole)
    const merged: Block[] = []
    for (const next of this.holes) {
      const last = merged[merged.length - 1]
      if (last && last.end === next.start) last.end = next.end
      else merged.push(next)
    }
    const last = merged[merged.length - 1]
    if (last.end === this.top) {
      this.top = last.start
      merged.pop()
    }
    this.holes.splice(0, this.holes.length, ...merged)
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
}
