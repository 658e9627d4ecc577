import type { Engine } from '../engine/engine.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import type { Rest } from '../operators/blocks.ts'
import { BlockRunner } from './blocks.ts'
import { createBreath } from './breathe.ts'
import type { Crew } from './crew.ts'
import { deal, Ledger, type Hand } from './ledger.ts'
import type { Block, BlockResults, FromHelper, Pass } from './messages.ts'
import { clock, Pace } from './pace.ts'
import { shareOf, type SharedData, type ShareRecipe } from './share.ts'
import { reasonOf } from './thread.ts'

/** What is shared, and among whom. */
export interface SharedPassesOptions {
  /** A WebAssembly engine. */
  readonly engine: Engine
  /** All samples, on the main thread's engine; helpers get copies of their shares. */
  readonly data: SharedData
  readonly blocks: readonly Block[]
  /** On the main thread's buffers. */
  readonly passes: readonly Pass<BufferHandle>[]
  readonly recipe: ShareRecipe
  readonly crew: Crew
}

/** A helper that has not answered so many milliseconds after it was due is no longer waited for. */
const GRACE = 5

/** One pass over the samples. */
interface Round {
  readonly number: number
  readonly ledger: Ledger
  readonly take: (block: number, results: BlockResults) => void
}

/**
 * Passes over blocks of samples, shared among threads. Helpers hold shares of the samples; the main thread holds all of
 * them and does whatever a helper does not deliver because it failed, has not started yet or is slow. Every block's
 * results are the same whoever computes them; the caller puts them together in the order of the blocks.
 */
export class SharedPasses {
  private readonly task: number
  private readonly hands: readonly Hand[]
  private readonly helpers: ('starting' | 'ready' | 'failed')[]
  private readonly paces: readonly Pace[]
  private readonly breathe = createBreath()
  private round: Round | null = null
  private wake: () => void = () => undefined

  private constructor(
    private readonly options: SharedPassesOptions,
    private readonly runner: BlockRunner,
  ) {
    const { blocks, crew } = options
    this.hands = deal(blocks.length, crew.size + 1)
    this.helpers = Array.from({ length: crew.size }, (_, helper) => (crew.isAlive(helper) ? 'starting' : 'failed'))
    this.paces = this.helpers.map(() => new Pace())
    this.task = crew.join((helper, message) => this.hear(helper, message))
  }

  /** Compiles for the main thread and sends the helpers their shares; their readiness is not waited for. */
  static async create(options: SharedPassesOptions): Promise<SharedPasses> {
    const shared = new SharedPasses(options, await BlockRunner.create(options.engine, options.passes))
    for (let helper = 0; helper < options.crew.size; helper++) await shared.send(helper)
    return shared
  }

  /** Helpers that hold their share by now. */
  get helpersReady(): number {
    return this.helpers.filter((state) => state === 'ready').length
  }

  /**
   * Lets every block go through a pass. `input` is what the main thread's engine holds as the input of the pass. `take`
   * gets the results of each block once, in any order. `rest` runs after every block of the main thread; when it
   * throws, so does this, and nothing stands in the way of the next call.
   */
  async run(pass: number, input: Float32Array, take: (block: number, results: BlockResults) => void, rest?: Rest): Promise<void> {
    const { crew } = this.options
    const round: Round = { number: crew.nextRound(), ledger: new Ledger(this.hands), take }
    this.round = round
    try {
      this.post(round.number, pass, input)
      this.runner.begin(pass, null)
      await this.work(pass, round, rest)
    } finally {
      this.round = null
      for (let helper = 0; helper < crew.size; helper++) crew.post(helper, { kind: 'stop', round: round.number })
    }
  }

  dispose(): void {
    const { crew } = this.options
    crew.leave(this.task)
    for (let helper = 0; helper < crew.size; helper++) crew.post(helper, { kind: 'drop', task: this.task })
    this.runner.dispose()
  }

  private async send(helper: number): Promise<void> {
    const { engine, data, blocks, recipe, crew } = this.options
    const hand = this.hands[helper + 1]
    if (hand.length === 0 || !crew.isAlive(helper)) return
    try {
      const share = await shareOf(engine, data, hand.map((block) => blocks[block]), this.task, recipe)
      crew.post(helper, share, share.contents.map(({ values }) => values.buffer))
    } catch (error) {
      this.giveUp(helper, reasonOf(error))
    }
  }

  private post(round: number, pass: number, input: Float32Array): void {
    this.helpers.forEach((state, helper) => {
      if (state === 'failed' || this.hands[helper + 1].length === 0) return
      const copy = input.slice()
      this.paces[helper].begin(clock())
      this.options.crew.post(helper, { kind: 'run', task: this.task, round, pass, input: copy }, [copy.buffer])
    })
  }

  /**
   * The main thread's part: its own blocks, then those of helpers that are behind, until none is missing. A block that a
   * helper is at is waited for, unless the main thread would sooner be done with it.
   */
  private async work(pass: number, round: Round, rest: Rest = () => Promise.resolve()): Promise<void> {
    let slowest = 0
    const givenUp = new Set<number>()
    while (!round.ledger.complete) {
      const block = round.ledger.next((hand) => this.helpers[hand - 1] === 'ready' && !givenUp.has(hand))
      if (block === null) {
        const { hand, due } = this.latest(round, slowest)
        const left = due - clock()
        if (left > slowest || !(await this.answer(Math.max(left, 0) + slowest + GRACE))) givenUp.add(hand)
      } else {
        const start = performance.now()
        note(round, block, await this.runner.run(pass, this.options.blocks[block]))
        slowest = Math.max(slowest, performance.now() - start)
        await this.breathe()
      }
      await rest()
    }
  }

  /** The hand that is waited for the longest, and when its present block is due. */
  private latest({ ledger }: Round, guess: number): { readonly hand: number; readonly due: number } {
    let latest = { hand: 0, due: -Infinity }
    this.paces.forEach((pace, helper) => {
      const due = pace.due(guess)
      if (ledger.isOpen(helper + 1) && due > latest.due) latest = { hand: helper + 1, due }
    })
    return latest
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
      this.paces[helper].finish(message.at)
      note(this.round, this.hands[helper + 1][message.index], message.results)
    }
    this.wake()
  }

  private giveUp(helper: number, reason: string): void {
    this.helpers[helper] = 'failed'
    this.options.crew.complain(reason)
  }
}

function note({ ledger, take }: Round, block: number, results: BlockResults): void {
  if (ledger.tick(block)) take(block, results)
}
