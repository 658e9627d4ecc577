import { frameAt, type Engine, type Executable } from '../engine/engine.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import type { Block, BlockResults, Pass } from './messages.ts'

/** Samples [0, samples) in blocks of `rows`; the last may be smaller. */
export function cutIntoBlocks(samples: number, rows: number): readonly Block[] {
  return Array.from({ length: Math.ceil(samples / rows) }, (_, i) => ({ first: i * rows, rows: Math.min(rows, samples - i * rows) }))
}

/** The numbers of rows among blocks, each once: what there must be recordings for. */
export function rowsAmong(blocks: readonly Block[]): readonly number[] {
  return [...new Set(blocks.map(({ rows }) => rows))]
}

/** A pass that an engine can run. */
interface Compiled extends Omit<Pass<BufferHandle>, 'recordings'> {
  readonly plans: ReadonlyMap<number, Executable>
  /** What the sums hold before a block: −0, the one number that leaves any other, 0 and −0 included, as it is when it is added. */
  readonly empty: Float32Array
  /** First samples of the blocks that went through it since its last input. */
  readonly done: Set<number>
}

/**
 * Lets single blocks of samples that an engine holds go through passes. Kernels may sum in another order for other row
 * counts, so blocks and recordings are those of one thread: this is what makes the bits the same on every thread.
 */
export class BlockRunner {
  private constructor(
    private readonly engine: Engine,
    private readonly passes: readonly Compiled[],
  ) {}

  /** Compiles; nothing stays allocated when it fails. */
  static async create(engine: Engine, passes: readonly Pass<BufferHandle>[]): Promise<BlockRunner> {
    const compiled: Executable[] = []
    try {
      const ready: Compiled[] = []
      for (const { recordings, ...pass } of passes) {
        const plans = new Map<number, Executable>()
        for (const recording of recordings) {
          const plan = await engine.compile(recording)
          compiled.push(plan)
          plans.set(recording.rows, plan)
        }
        ready.push({ ...pass, plans, empty: new Float32Array(pass.sums?.length ?? 0).fill(-0), done: new Set() })
      }
      return new BlockRunner(engine, ready)
    } catch (error) {
      for (const plan of compiled) plan.dispose()
      throw error
    }
  }

  /** Another input for a pass: written here, or there already when it is null. */
  begin(pass: number, input: Float32Array | null): void {
    const { input: place, done } = this.passes[pass]
    if (input !== null) this.engine.write(place.buffer, input, place.first)
    done.clear()
  }

  /** Lets a block go through a pass, first through the one before where it has not. */
  async run(pass: number, block: Block): Promise<BlockResults> {
    const { readings, sums, after, empty } = this.passes[pass]
    if (after !== null && !this.passes[after].done.has(block.first)) await this.replay(after, block)
    if (sums !== null) this.engine.write(sums.buffer, empty, sums.first)
    await this.replay(pass, block)
    const results: Float32Array[] = []
    for (const buffer of readings) results.push(singles(await this.engine.read(buffer, block.first, block.rows)))
    if (sums !== null) results.push(singles(await this.engine.read(sums.buffer, sums.first, sums.length)))
    return results
  }

  dispose(): void {
    for (const { plans } of this.passes) for (const plan of plans.values()) plan.dispose()
  }

  private async replay(pass: number, block: Block): Promise<void> {
    const { plans, done } = this.passes[pass]
    await plans.get(block.rows)?.run(frameAt(block.first), 1)
    done.add(block.first)
  }
}

/** Numbers of a float32 engine as such, without a copy. */
export function singles(values: Float32Array | Float64Array): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values)
}
