export interface SnapshotOptions {
  /** Bytes that all snapshots together may take. */
  readonly budgetBytes: number
}

/** Bytes of one chunk: large enough to be few, small enough never to need one huge block of memory. */
const CHUNK_BYTES = 16 * 1024 * 1024

/** Float32 snapshots of a vector, kept in chunks that are allocated as they fill. */
export class SnapshotRecorder {
  readonly size: number
  private readonly perChunk: number
  private readonly most: number
  private readonly chunks: Float32Array[] = []
  private recorded = 0

  /** @param size numbers per snapshot */
  constructor(size: number, { budgetBytes }: SnapshotOptions) {
    this.size = size
    this.most = Math.floor(budgetBytes / (4 * size))
    this.perChunk = Math.max(1, Math.min(this.most, Math.floor(CHUNK_BYTES / (4 * size))))
  }

  /** Snapshots recorded so far. */
  get count(): number {
    return this.recorded
  }

  /** Bytes held. */
  get bytes(): number {
    return this.chunks.length * this.perChunk * this.size * 4
  }

  /** Appends a copy. Throws a RangeError when the budget is used up or the length is wrong. */
  append(snapshot: Float32Array): void {
    if (snapshot.length !== this.size) throw new RangeError(`snapshots: ${snapshot.length} numbers; expected ${this.size}`)
    if (this.recorded >= this.most) {
      throw new RangeError(`snapshots: ${this.recorded + 1} snapshots of ${this.size} numbers exceed the budget, which holds ${this.most}; record fewer`)
    }
    const within = this.recorded % this.perChunk
    if (within === 0) this.chunks.push(new Float32Array(this.perChunk * this.size))
    this.chunks[this.chunks.length - 1].set(snapshot, within * this.size)
    this.recorded++
  }

  /** A view of snapshot t, valid as long as the recorder. */
  get(t: number): Float32Array {
    if (!(t >= 0 && t < this.recorded)) throw new RangeError(`snapshots: there is no snapshot ${t}; expected 0 to ${this.recorded - 1}`)
    const start = (t % this.perChunk) * this.size
    return this.chunks[Math.floor(t / this.perChunk)].subarray(start, start + this.size)
  }
}
