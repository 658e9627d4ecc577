import type { Engine } from '../engine/engine.ts'
import { createWasmEngine, type WasmEngineOptions } from '../engine/wasm/wasm-engine.ts'
import { allocateAll } from '../networks/allocate-all.ts'
import { BlockReader } from './blocks.ts'
import { createBreath } from './breathe.ts'
import type { Block, BufferSlot, EvaluationBuffers, HoldMessage, ToHelper } from './messages.ts'
import { reasonOf, type HelperPort } from './thread.ts'

/** What a helper keeps of one evaluation. */
interface Held {
  readonly engine: Engine
  readonly buffers: EvaluationBuffers<BufferSlot>
  readonly blocks: readonly Block[]
  readonly reader: BlockReader
}

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
    if (message.kind === 'read') this.wanted = message.round
    this.work = this.work
      .then(() => this.act(message))
      .catch((error: unknown) => {
        this.drop(message.evaluation)
        this.port.post({ kind: 'failed', evaluation: message.evaluation, reason: reasonOf(error) }, [])
      })
  }

  private async act(message: Exclude<ToHelper, { kind: 'stop' }>): Promise<void> {
    switch (message.kind) {
      case 'hold':
        return this.hold(message)
      case 'read':
        return this.read(message.evaluation, message.round, message.weights)
      case 'drop':
        return this.drop(message.evaluation)
    }
  }

  private async hold(message: HoldMessage): Promise<void> {
    const { evaluation, numericalVersion, relaxed, buffers, blocks, recordings } = message
    this.engine ??= this.open({ relaxed })
    const engine = await this.engine
    if (engine.info.numericalVersion !== numericalVersion) {
      throw new Error(`the helper computes with ${engine.info.numericalVersion}, the main thread with ${numericalVersion}`)
    }
    const slots = Object.values<BufferSlot>({ ...buffers })
    const handles = allocateAll(engine, slots.map(({ kind, length, label }) => [kind, length, label]))
    slots.forEach((slot, i) => (slot.id = handles[i].id))
    try {
      engine.write(buffers.inputs, message.inputs)
      engine.write(buffers.labels, message.labels)
      this.held.set(evaluation, { engine, buffers, blocks, reader: await BlockReader.create(engine, buffers, recordings) })
    } catch (error) {
      for (const slot of slots) engine.free(slot)
      throw error
    }
    this.port.post({ kind: 'holding', evaluation }, [])
  }

  private async read(evaluation: number, round: number, weights: Float32Array): Promise<void> {
    const held = this.held.get(evaluation)
    if (held === undefined || this.wanted !== round) return
    held.engine.write(held.buffers.weights, weights)
    for (const [index, block] of held.blocks.entries()) {
      const reading = await held.reader.read(block)
      this.port.post({ kind: 'block', evaluation, round, index, reading }, [reading.losses.buffer, reading.hits.buffer])
      await this.breathe()
      if (this.wanted !== round) return
    }
  }

  private drop(evaluation: number): void {
    const held = this.held.get(evaluation)
    if (held === undefined) return
    this.held.delete(evaluation)
    held.reader.dispose()
    for (const slot of Object.values<BufferSlot>({ ...held.buffers })) held.engine.free(slot)
  }
}
