import type { Engine } from '../engine/engine.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import { allocateAll } from '../networks/allocate-all.ts'
import type { Network } from '../networks/network.ts'
import type { ResidentData } from '../networks/resident-data.ts'
import { blockRows, type Rest } from '../operators/blocks.ts'
import type { Reading } from '../operators/evaluation.ts'
import { BlockReader, cutIntoBlocks, recordBlocks, singles } from './blocks.ts'
import { createBreath } from './breathe.ts'
import type { Crew } from './crew.ts'
import { deal, Ledger, type Hand } from './ledger.ts'
import type { Block, BlockReading, EvaluationBuffers, FromHelper } from './messages.ts'
import { shareOf } from './share.ts'
import { reasonOf } from './thread.ts'

/** What is evaluated, and by whom. */
export interface ParallelEvaluationOptions {
  /** A WebAssembly engine. */
  readonly engine: Engine
  readonly network: Network
  /** Flat state of the network. */
  readonly weights: BufferHandle
  /** All samples, on the main thread's engine; helpers get copies of their shares. */
  readonly data: ResidentData
  readonly crew: Crew
}

/**
 * A helper at work that has not answered for so many milliseconds, and for as long as the main thread took for so many
 * blocks, is no longer waited for.
 */
const PATIENCE = { milliseconds: 50, blocks: 4 }

/** What is decided once. */
interface Layout {
  readonly blocks: readonly Block[]
  /** hands[0] is the main thread's, hands[h + 1] that of helper h. */
  readonly hands: readonly Hand[]
}

/** One pass over the samples. */
interface Round {
  readonly number: number
  readonly ledger: Ledger
}

/**
 * The readings of `Evaluation`, bit for bit, from several threads. Helpers hold shares of the samples; the main thread
 * holds all of them and does whatever a helper does not deliver because it failed, has not started yet or is slow.
 * Losses are summed in the order of the samples, so it does not show who did what.
 */
export class ParallelEvaluation {
  private readonly evaluation: number
  private readonly helpers: ('starting' | 'ready' | 'failed')[]
  private readonly lossOf: Float32Array
  private readonly hitOf: Float32Array
  private readonly breathe = createBreath()
  private round: Round | null = null
  private wake: () => void = () => undefined

  private constructor(
    private readonly options: ParallelEvaluationOptions,
    private readonly layout: Layout,
    private readonly buffers: EvaluationBuffers<BufferHandle>,
    private readonly reader: BlockReader,
  ) {
    const { data, crew } = options
    this.helpers = Array.from({ length: crew.size }, (_, helper) => (crew.isAlive(helper) ? 'starting' : 'failed'))
    this.lossOf = new Float32Array(data.samples)
    this.hitOf = new Float32Array(data.samples)
    this.evaluation = crew.join((helper, message) => this.hear(helper, message))
  }

  /** Compiles for the main thread and sends the helpers their shares; their readiness is not waited for. */
  static async create(options: ParallelEvaluationOptions): Promise<ParallelEvaluation> {
    const { engine, network, weights, data, crew } = options
    const [losses, hits] = allocateAll(engine, [
      ['float', data.samples, 'row losses'],
      ['float', data.samples, 'row correct'],
    ])
    const buffers = { weights, inputs: data.inputs, labels: data.labels, losses, hits }
    const blocks = cutIntoBlocks(data.samples, blockRows(engine, network))
    const reader = await BlockReader.create(engine, buffers, recordBlocks(network, buffers, blocks)).catch((error: unknown) => {
      for (const buffer of [losses, hits]) engine.free(buffer)
      throw error
    })
    const evaluation = new ParallelEvaluation(options, { blocks, hands: deal(blocks.length, crew.size + 1) }, buffers, reader)
    for (let helper = 0; helper < crew.size; helper++) await evaluation.send(helper)
    return evaluation
  }

  /** Helpers that hold their share by now. */
  get helpersReady(): number {
    return this.helpers.filter((state) => state === 'ready').length
  }

  /** `rest` runs after every block; when it throws, so does this, and nothing stands in the way of the next call. */
  async evaluate(rest?: Rest): Promise<Reading> {
    const { crew, data } = this.options
    const round = { number: crew.nextRound(), ledger: new Ledger(this.layout.hands) }
    this.round = round
    try {
      await this.post(round)
      await this.work(round.ledger, rest)
    } finally {
      this.round = null
      for (let helper = 0; helper < crew.size; helper++) crew.post(helper, { kind: 'stop', round: round.number })
    }
    return { loss: total(this.lossOf) / data.samples, accuracy: total(this.hitOf) / data.samples }
  }

  dispose(): void {
    const { crew, engine } = this.options
    crew.leave(this.evaluation)
    for (let helper = 0; helper < crew.size; helper++) crew.post(helper, { kind: 'drop', evaluation: this.evaluation })
    this.reader.dispose()
    engine.free(this.buffers.losses)
    engine.free(this.buffers.hits)
  }

  private async send(helper: number): Promise<void> {
    const { engine, network, data, crew } = this.options
    const { first, end } = this.layout.hands[helper + 1]
    if (first === end || !crew.isAlive(helper)) return
    try {
      const share = await shareOf(engine, network, data, this.layout.blocks.slice(first, end), this.evaluation)
      crew.post(helper, share, [share.inputs.buffer, share.labels.buffer])
    } catch (error) {
      this.giveUp(helper, reasonOf(error))
    }
  }

  private async post({ number }: Round): Promise<void> {
    const { engine, weights, crew } = this.options
    const state = singles(await engine.read(weights))
    this.helpers.forEach((helperState, helper) => {
      if (helperState === 'failed') return
      const copy = state.slice()
      crew.post(helper, { kind: 'read', evaluation: this.evaluation, round: number, weights: copy }, [copy.buffer])
    })
  }

  /** The main thread's part: its own blocks, then those of helpers that are behind, until none is missing. */
  private async work(ledger: Ledger, rest: Rest = () => Promise.resolve()): Promise<void> {
    let slowest = 0
    let overdue = false
    while (!ledger.complete) {
      const block = ledger.next((hand) => !overdue && this.helpers[hand - 1] === 'ready')
      if (block === null) {
        overdue = !(await this.answer(Math.max(PATIENCE.milliseconds, PATIENCE.blocks * slowest)))
      } else {
        const start = performance.now()
        this.note(ledger, block, await this.reader.read(this.layout.blocks[block]))
        slowest = Math.max(slowest, performance.now() - start)
        await this.breathe()
      }
      await rest()
    }
  }

  /** Waits for any helper to answer; false when none did in so many milliseconds. */
  private answer(milliseconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), milliseconds)
      this.wake = () => {
        clearTimeout(timer)
        resolve(true)
      }
    })
  }

  private hear(helper: number, message: FromHelper | null): void {
    if (message === null) this.helpers[helper] = 'failed'
    else if (message.kind === 'holding') this.helpers[helper] = 'ready'
    else if (message.kind === 'failed') this.giveUp(helper, message.reason)
    else if (message.round === this.round?.number) {
      this.note(this.round.ledger, this.layout.hands[helper + 1].first + message.index, message.reading)
    }
    this.wake()
  }

  private giveUp(helper: number, reason: string): void {
    this.helpers[helper] = 'failed'
    this.options.crew.complain(reason)
  }

  private note(ledger: Ledger, block: number, { losses, hits }: BlockReading): void {
    if (!ledger.tick(block)) return
    const { first } = this.layout.blocks[block]
    this.lossOf.set(losses, first)
    this.hitOf.set(hits, first)
  }
}

function total(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
