/** A growing list of float32 vectors in separately allocated chunks, within a memory budget. */

const CHUNK_BYTES = 16 * 1024 * 1024
const BYTES_PER_VALUE = 4

export interface SnapshotRecorderOptions {
  /** Bytes that all snapshots together may take. */
  readonly budgetBytes: number
}

export class SnapshotRecorder {
  /** n, the length of every snapshot. */
  readonly size: number
  /** Snapshots that fit the budget. */
  readonly capacity: number
  readonly #perChunk: number
  readonly #chunks: Float32Array[] = []
  #count = 0

  /** Throws when not even one snapshot of `size` values fits. Memory is taken as snapshots arrive. */
  constructor(size: number, { budgetBytes }: SnapshotRecorderOptions) {
    if (!Number.isInteger(size) || size < 1) throw new RangeError(`snapshots: size=${size} is not a whole number from 1 on`)
    this.size = size
    this.capacity = Math.floor(budgetBytes / (size * BYTES_PER_VALUE))
    if (!(this.capacity >= 1)) {
      throw new RangeError(`snapshots: a budget of ${budgetBytes} bytes holds no snapshot of ${size} values; give at least ${size * BYTES_PER_VALUE}`)
    }
    this.#perChunk = Math.max(1, Math.floor(CHUNK_BYTES / (size * BYTES_PER_VALUE)))
  }

  get count(): number {
    return this.#count
  }

  /** Bytes allocated so far. */
  get bytes(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0)
  }

  /** Throws, naming the need and the largest count that fits, before a run that would not fit is started. */
  reserve(count: number): void {
    if (count <= this.capacity) return
    const need = count * this.size * BYTES_PER_VALUE
    throw new RangeError(
      `snapshots: ${count} snapshots of ${this.size} values need ${need} bytes; at most ${this.capacity} fit the budget, ` +
        'record fewer or select fewer weights',
    )
  }

  /** Copies a snapshot to the end. Throws over budget, at a wrong length and at a value that is not finite. */
  append(snapshot: Float32Array): void {
    if (snapshot.length !== this.size) {
      throw new RangeError(`snapshots: snapshot ${this.#count} has ${snapshot.length} values, expected ${this.size}`)
    }
    this.reserve(this.#count + 1)
    const bad = snapshot.findIndex((value) => !Number.isFinite(value))
    if (bad >= 0) {
      throw new RangeError(`snapshots: snapshot ${this.#count} is ${snapshot[bad]} at entry ${bad}; the training diverged, lower its rate`)
    }
    const place = this.#count % this.#perChunk
    if (place === 0) this.#chunks.push(this.#newChunk())
    this.#chunks[this.#chunks.length - 1].set(snapshot, place * this.size)
    this.#count++
  }

  /** View (n) of snapshot i, not a copy. */
  get(i: number): Float32Array {
    if (!Number.isInteger(i) || i < 0 || i >= this.#count) {
      throw new RangeError(`snapshots: no snapshot ${i}; ${this.#count} are recorded, the first is 0`)
    }
    const start = (i % this.#perChunk) * this.size
    return this.#chunks[Math.floor(i / this.#perChunk)].subarray(start, start + this.size)
  }

  #newChunk(): Float32Array {
    return new Float32Array(Math.min(this.#perChunk, this.capacity - this.#count) * this.size)
  }
}
