import { Crew } from './crew.ts'
import { DenseMatrix } from './dense-matrix.ts'
import { CrewExecutor, LocalExecutor, type Executor } from './executor.ts'
import { ADDRESS_LIMIT, MOST_THREADS } from './layout.ts'
import { canShareMemory, compileKernels } from './module.ts'
import { Rooms } from './room.ts'
import type { LinalgThreads } from './thread.ts'

/** Dense float64 linear algebra of symmetric matrices. */
export interface Linalg {
  /** Threads that work together. The bits of results do not depend on it. */
  readonly threads: number
  /**
   * An [n, n] matrix of zeros to be filled, in the memory of the decomposition to come.
   * Throws a RangeError that names the largest size that fits `limitBytes` (by default, what a module can address).
   */
  matrix(n: number, options: { readonly vectors: boolean; readonly limitBytes?: number }): DenseMatrix
  /** Ends the threads; matrices that are still there become useless. */
  dispose(): void
}

/**
 * With threads and shared memory, all work is done by threads that stay alive between problems; otherwise in slices on the
 * caller's thread, with the same bits. Throws a RangeError where WebAssembly SIMD is missing.
 */
export async function openLinalg(threads: LinalgThreads | null): Promise<Linalg> {
  if (threads !== null && canShareMemory()) {
    const module = await compileKernels('shared')
    const crew = await Crew.start(threads, Math.max(1, Math.min(threads.cores, MOST_THREADS))).catch(() => null)
    if (crew !== null) return new OpenLinalg(new CrewExecutor(module, threads, crew), new Rooms(true))
  }
  return new OpenLinalg(new LocalExecutor(await compileKernels('single')), new Rooms(false))
}

class OpenLinalg implements Linalg {
  private problems = 0

  constructor(
    private readonly executor: Executor,
    private readonly rooms: Rooms,
  ) {}

  get threads(): number {
    return this.executor.threads
  }

  matrix(n: number, { vectors, limitBytes = ADDRESS_LIMIT }: { readonly vectors: boolean; readonly limitBytes?: number }): DenseMatrix {
    if (!Number.isInteger(n) || n < 1) throw new RangeError(`linear algebra: a matrix of size ${n}; expected a whole number from 1 on`)
    const room = this.rooms.take(n, vectors, limitBytes)
    const problem = { id: this.problems++, memory: room.memory, size: n, vectors, isLarge: room.isLarge }
    const matrix = new DenseMatrix(this.executor, problem, limitBytes, () => {
      this.executor.close(problem)
      this.rooms.giveBack(room)
    })
    if (room.isUsed) matrix.values.fill(0)
    return matrix
  }

  dispose(): void {
    this.executor.dispose()
  }
}
