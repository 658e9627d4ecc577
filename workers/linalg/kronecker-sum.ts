import type { Executor, SharedProblem } from './executor.ts'
import { BLOCK, pairsOf, placeKronecker, type KroneckerPlace } from './kronecker-task.ts'
import { ADDRESS_LIMIT, layoutOf } from './layout.ts'
import { growTo } from './room.ts'

/**
 * H[(i, o), (i′, o′)] = Σₙ aₙᵢ aₙᵢ′ Gₙ[o, o′] over samples n, the Hessian of a dense layer's kernel: sums for unique pairs
 * (i ≤ i′) and (o ≤ o′), as one matrix product over samples. Samples are summed in blocks of 256, whatever the calls of `add`.
 */
export class KroneckerSum {
  private readonly place: KroneckerPlace
  private waiting = 0

  /** Throws a RangeError when n ≠ inputs · outputs, or for lack of memory. */
  constructor(
    private readonly executor: Executor,
    private readonly problem: SharedProblem,
    private readonly inputs: number,
    private readonly outputs: number,
    limitBytes: number,
  ) {
    const { memory, size, vectors } = problem
    if (inputs * outputs !== size || !Number.isInteger(inputs) || inputs < 1 || inputs > 65535) {
      throw new RangeError(`Kronecker sum: ${inputs} inputs and ${outputs} outputs for a matrix of size ${size}; their product must be the size`)
    }
    this.place = placeKronecker(inputs, outputs, layoutOf(size, vectors).end)
    const limit = Math.min(limitBytes, ADDRESS_LIMIT)
    if (this.place.end > limit) {
      throw new RangeError(`Kronecker sum: ${Math.ceil(this.place.end / 1e6)} MB with its matrix, and the limit is ${Math.floor(limit / 1e6)} MB; choose a smaller layer`)
    }
    growTo(memory, this.place.end, 'Kronecker sum')
    new Float64Array(memory.buffer, this.place.products, pairsOf(inputs) * pairsOf(outputs)).fill(0)
    writePairs(new Uint32Array(memory.buffer, this.place.table, pairsOf(inputs)), inputs)
  }

  /**
   * Adds samples.
   * @param inputs [rows, inputs] a
   * @param factors [rows, outputs (outputs + 1)/2] G for o ≤ o′, in the order (0, 0), (0, 1), …, (1, 1), …
   */
  async add(inputs: Float32Array | Float64Array, factors: Float64Array, rows: number): Promise<void> {
    const pairs = pairsOf(this.outputs)
    if (inputs.length < rows * this.inputs || factors.length < rows * pairs) {
      throw new RangeError(
        `Kronecker sum: ${inputs.length} inputs and ${factors.length} factors for ${rows} samples; expected ${rows * this.inputs} and ${rows * pairs}`,
      )
    }
    for (let row = 0; row < rows;) {
      const taken = Math.min(rows - row, BLOCK - this.waiting)
      this.view(this.place.samples, this.inputs, taken).set(inputs.subarray(row * this.inputs, (row + taken) * this.inputs))
      this.view(this.place.factors, pairs, taken).set(factors.subarray(row * pairs, (row + taken) * pairs))
      row += taken
      this.waiting += taken
      if (this.waiting === BLOCK) await this.flush()
    }
  }

  /** Writes the sum to the matrix, with `shift` added to its diagonal. Nothing can be added afterwards. */
  async finish(shift: number): Promise<void> {
    await this.flush()
    await this.executor.perform(this.problem, { kind: 'scatter', place: this.place, shift }, {})
  }

  private async flush(): Promise<void> {
    if (this.waiting === 0) return
    await this.executor.perform(this.problem, { kind: 'samples', place: this.place, rows: this.waiting }, {})
    this.waiting = 0
  }

  /** Places of the next `rows` samples of a block. */
  private view(address: number, width: number, rows: number): Float64Array {
    return new Float64Array(this.problem.memory.buffer, address + 8 * width * this.waiting, width * rows)
  }
}

function writePairs(table: Uint32Array, count: number): void {
  let at = 0
  for (let i = 0; i < count; i++) {
    for (let j = i; j < count; j++) table[at++] = i + 65536 * j
  }
}
