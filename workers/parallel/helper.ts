import type { Engine } from '../engine/engine.ts'
import { createWasmEngine, type WasmEngineOptions } from '../engine/wasm/wasm-engine.ts'
import { allocateAll } from '../networks/allocate-all.ts'
import { BlockRunner } from './blocks.ts'
import { createBreath } from './breathe.ts'
import type { Block, BufferSlot, HoldMessage, ToHelper } from './messages.ts'
import { clock } from './pace.ts'
import { reasonOf, type HelperPort } from './thread.ts'

/** What a helper keeps of one task. */
interface Held {
  readonly engine: Engine
  readonly slots: readonly BufferSlot[]
  readonly blocks: readonly Block[]
  readonly runner: BlockRunner
}

type RunMessage = Extract<ToHelper, { kind: 'run' }>

/** Opens the engine of a helper. */
export type OpenEngine = (options: WasmEngineOptions) => Promise<Engine>

/** Makes the thread behind a port a helper. What goes wrong is answered with `failed`. */
export function serve(port: HelperPort, open: OpenEngine = createWasmEngine): void {
  const helper = new Helper(port, open)
  port.listen((message) => helper.take(message))
}

class Helper {
  private engine: Promise<Engine> | null = null
  private readonly held = new Map<number, Held>()
  private readonly breathe = createBreath()
  /** The round that somebody waits for; the blocks of any other are given up. */
  private wanted: number | null = null
  private work: Promise<void> = Promise.resolve()

  constructor(
    private readonly port: HelperPort,
    private readonly open: OpenEngine,
  ) {}

  /** Messages are acted on in turn, but what they say about rounds holds at once. */
  take(message: ToHelper): void {
    if (message.kind === 'stop') {
      if (this.wanted === message.round) this.wanted = null
      return
    }
    if (message.kind === 'run') this.wanted = message.round
    this.work = this.work
      .then(() => this.act(message))
      .catch((error: unknown) => {
        this.drop(message.task)
        this.port.post({ kind: 'failed', task: message.task, reason: reasonOf(error) }, [])
      })
  }

  private async act(message: Exclude<ToHelper, { kind: 'stop' }>): Promise<void> {
    switch (message.kind) {
      case 'hold':
        return this.hold(message)
      case 'run':
        return this.run(message)
      case 'drop':
        return this.drop(message.task)
    }
  }

  private async hold(message: HoldMessage): Promise<void> {
    const { task, numericalVersion, relaxed, slots, contents, blocks, passes } = message
    this.engine ??= this.open({ relaxed })
    const engine = await this.engine
    if (engine.info.numericalVersion !== numericalVersion) {
      throw new Error(`the helper computes with ${engine.info.numericalVersion}, the main thread with ${numericalVersion}`)
    }
    const handles = allocateAll(engine, slots.map(({ kind, length, label }) => [kind, length, label]))
    slots.forEach((slot, i) => (slot.id = handles[i].id))
    try {
      for (const { slot, values } of contents) engine.write(slot, values)
      this.held.set(task, { engine, slots, blocks, runner: await BlockRunner.create(engine, passes) })
    } catch (error) {
      for (const slot of slots) engine.free(slot)
      throw error
    }
    this.port.post({ kind: 'holding', task }, [])
  }

  /** The input is kept even where nobody waits for the blocks any more: a later pass may need them to have gone through this one. */
  private async run({ task, round, pass, input }: RunMessage): Promise<void> {
    const held = this.held.get(task)
    if (held === undefined) return
    held.runner.begin(pass, input)
    for (const [index, block] of held.blocks.entries()) {
      if (this.wanted !== round) return
      const results = await held.runner.run(pass, block)
      this.port.post({ kind: 'block', task, round, index, results, at: clock() }, results.map(({ buffer }) => buffer))
      await this.breathe()
    }
  }

  private drop(task: number): void {
    const held = this.held.get(task)
    if (held === undefined) return
    this.held.delete(task)
    held.runner.dispose()
    for (const slot of held.slots) held.engine.free(slot)
  }
}
