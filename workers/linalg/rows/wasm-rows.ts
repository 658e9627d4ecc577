import { plainRows, type LongRows, type OpenRows } from '../../numerics/long-rows.ts'
import { normOf } from '../../numerics/vector-space.ts'
import { compileRows, instantiateRows, type RowKernels } from './module.ts'

const PAGE_BYTES = 65536
const LIMIT_BYTES = 2 ** 32
/** Bytes of a memory that is kept for the next store. */
const KEPT_BYTES = 64e6
/** Rows of a list: 4 GB do not hold more rows that are orthonormal. */
const MOST_LISTED = 24_576
/** Entries of a combination made at a time. */
const PANEL = 512

/** Where things lie, in bytes: the module's own data, a list, its coefficients, a panel, the rows. */
const LIST = 4096
const COEFFICIENTS = LIST + 4 * MOST_LISTED
const SUMS = COEFFICIENTS + 8 * MOST_LISTED
const ROWS = SUMS + 8 * PANEL
const LINE_BYTES = 64

/** A memory with the kernels that work on it. */
interface Room {
  readonly memory: WebAssembly.Memory
  readonly kernels: RowKernels
}

/** One memory in reserve: a store that follows another starts without asking for pages. */
let spare: Room | null = null

/**
 * Stores of at most `most` rows of n entries in WebAssembly memory, summed over by SIMD kernels with the bits of
 * `plainRows`. Where SIMD is missing, or so many rows do not fit into the 4 GB that a module addresses, `plainRows`.
 */
export async function openWasmRows(n: number, most: number): Promise<OpenRows> {
  const module = bytesOf(n, most) > LIMIT_BYTES ? null : await compileRows()
  return module === null ? plainRows : (size) => new WasmRows(size, takeRoom(module))
}

function takeRoom(module: WebAssembly.Module): Room {
  const room = spare
  spare = null
  if (room !== null) return room
  const memory = new WebAssembly.Memory({ initial: Math.ceil(ROWS / PAGE_BYTES), maximum: LIMIT_BYTES / PAGE_BYTES })
  return { memory, kernels: instantiateRows(module, memory) }
}

/** Bytes from row to row: an odd number of cache lines, so that the same column of many rows falls into different sets. */
function strideOf(n: number): number {
  return LINE_BYTES * (Math.ceil((8 * n) / LINE_BYTES) | 1)
}

function bytesOf(n: number, count: number): number {
  return ROWS + count * strideOf(n)
}

class WasmRows implements LongRows {
  readonly #stride: number
  #room: Room | null

  constructor(
    readonly size: number,
    room: Room,
  ) {
    this.#stride = strideOf(size)
    this.#room = room
  }

  reserve(count: number): void {
    const { memory } = this.#open()
    const bytes = bytesOf(this.size, count)
    const held = memory.buffer.byteLength
    if (bytes <= held) return
    if (bytes > LIMIT_BYTES) throw new RangeError(`rows: ${count} rows of ${this.size} numbers need ${bytes} bytes and a memory holds ${LIMIT_BYTES}; keep fewer rows`)
    try {
      memory.grow(Math.ceil((bytes - held) / PAGE_BYTES))
    } catch (cause) {
      throw new RangeError(`rows: ${count} rows of ${this.size} numbers need ${bytes} bytes, which this machine refuses; keep fewer rows or close other pages`, { cause })
    }
  }

  row(i: number): Float64Array {
    return new Float64Array(this.#open().memory.buffer, this.#address(i), this.size)
  }

  norm(i: number): number {
    return normOf(this.#open().kernels.square(this.#address(i), this.size), () => this.row(i))
  }

  scale(alpha: number, i: number): void {
    this.#open().kernels.scale(this.#address(i), this.size, alpha)
  }

  projectOut(rows: readonly number[], y: number): Float64Array {
    const { kernels } = this.#open()
    const at = this.#address(y)
    this.#list(rows)
    kernels.coefficients(LIST, rows.length, at, this.size, COEFFICIENTS)
    kernels.combine(LIST, rows.length, 0, at, this.size, COEFFICIENTS, -1)
    return this.#numbers(COEFFICIENTS, rows.length).slice()
  }

  combine(rows: readonly number[], weights: readonly Float64Array[], start: number, sums: readonly Float64Array[]): void {
    const { kernels } = this.#open()
    this.#list(rows)
    const c = this.#numbers(COEFFICIENTS, rows.length)
    const panel = this.#numbers(SUMS, PANEL)
    sums.forEach((sum, t) => {
      c.set(weights[t])
      for (let from = 0; from < sum.length; from += PANEL) {
        const length = Math.min(PANEL, sum.length - from)
        panel.fill(0)
        kernels.combine(LIST, rows.length, 8 * (start + from), SUMS, length, COEFFICIENTS, 1)
        sum.set(panel.subarray(0, length), from)
      }
    })
  }

  release(): void {
    if (this.#room !== null && this.#room.memory.buffer.byteLength <= KEPT_BYTES) spare = this.#room
    this.#room = null
  }

  #open(): Room {
    if (this.#room === null) throw new Error('rows: the store is released')
    return this.#room
  }

  #address(i: number): number {
    return ROWS + i * this.#stride
  }

  #list(rows: readonly number[]): void {
    if (rows.length > MOST_LISTED) throw new RangeError(`rows: a list of ${rows.length} rows; at most ${MOST_LISTED} are summed at a time`)
    const list = new Uint32Array(this.#open().memory.buffer, LIST, rows.length)
    rows.forEach((i, j) => (list[j] = this.#address(i)))
  }

  #numbers(place: number, count: number): Float64Array {
    return new Float64Array(this.#open().memory.buffer, place, count)
  }
}
