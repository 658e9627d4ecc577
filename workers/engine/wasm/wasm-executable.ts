import { EngineError, type Capture, type Executable, type Frame, type Rates } from '../engine.ts'
import type { Plan } from '../plan.ts'
import type { BufferHandle } from '../tensor.ts'
import { boundsOf, rowStart, type Bounds } from './bounds.ts'
import { encodeKernel } from './encode.ts'
import type { KernelModule } from './module.ts'
import type { Storage } from './storage.ts'

/** What an executable needs of its engine. */
export interface Host {
  readonly module: KernelModule
  readonly storage: Storage
  /** Scratch that all executables share, as large as the largest kernel needs. */
  readonly scratch: number
  reserveScratch(bytes: number): void
  addressOf(buffer: BufferHandle): number
  free(buffer: BufferHandle): void
}

/** Both shifts at their largest, mirrored. */
const LARGEST_CODE = 0x1ffff

/** A plan as descriptors in linear memory, replayed by the module without returning to JavaScript in between. */
export class WasmExecutable implements Executable {
  readonly rows: number
  readonly dispatches: number
  private readonly host: Host
  private readonly label: string
  private readonly bounds: Bounds
  private readonly temporaries: BufferHandle | null
  /** Address of the list of descriptor addresses; the descriptors follow it. */
  private readonly program: number
  private disposed = false

  constructor(host: Host, plan: Plan) {
    this.host = host
    this.rows = plan.rows
    this.label = plan.label
    this.dispatches = plan.kernels.length
    this.temporaries = plan.temporaries
    this.bounds = boundsOf(plan.label, plan.kernels)
    this.program = this.load(plan)
  }

  run(frame: Frame, count: number, capture?: Capture, ratesAt?: (replay: number) => Rates): void {
    this.check(frame.cursor, count, capture)
    const { module, storage, scratch } = this.host
    const floats = storage.floats
    const from = capture === undefined ? 0 : this.host.addressOf(capture.from) / 4 + capture.offset
    const into = capture === undefined ? 0 : this.host.addressOf(capture.into) / 4
    setRates(module, frame)
    for (let i = 0; i < count; i++) {
      if (ratesAt !== undefined) setRates(module, ratesAt(i))
      module.replay(this.program, this.dispatches, scratch, frame.cursor + i * this.rows)
      if (capture !== undefined) floats.copyWithin(into + i * capture.length, from, from + capture.length)
    }
  }

  dispose(): void {
    if (this.disposed) return
    this.disposed = true
    this.host.storage.free(this.program)
    if (this.temporaries) this.host.free(this.temporaries)
  }

  private load(plan: Plan): number {
    const descriptors = plan.kernels.map((kernel) => encodeKernel(kernel, (buffer) => this.host.addressOf(buffer)))
    const length = descriptors.reduce((words, descriptor) => words + descriptor.length, descriptors.length)
    const { storage, module } = this.host
    const program = storage.allocate(4 * length, `${plan.label} program`)
    let place = program / 4 + descriptors.length
    let scratch = 0
    descriptors.forEach((descriptor, i) => {
      storage.words[program / 4 + i] = 4 * place
      storage.words.set(descriptor, place)
      scratch = Math.max(scratch, module.scratchBytes(4 * place) >>> 0)
      place += descriptor.length
    })
    try {
      this.host.reserveScratch(scratch)
    } catch (error) {
      storage.free(program)
      throw error
    }
    return program
  }

  private check(cursor: number, count: number, capture: Capture | undefined): void {
    if (this.disposed) throw new EngineError('buffer', `wasm engine: ${this.label} was disposed; compile it again`)
    for (const buffer of this.bounds.buffers) this.host.addressOf(buffer)
    const last = cursor + (count - 1) * this.rows
    if (!Number.isInteger(cursor) || cursor < 0 || last > this.bounds.lastCursor) {
      throw new EngineError(
        'buffer',
        `wasm engine: ${this.label} would run at cursors ${cursor} to ${last}, its buffers allow 0 to ${this.bounds.lastCursor}; replay fewer times`,
      )
    }
    this.checkIndices(cursor, last)
    this.checkCodes(cursor, last)
    if (capture) this.checkCapture(capture, count)
  }

  private checkIndices(cursor: number, last: number): void {
    const words = this.host.storage.words
    for (const { index, reads, rowLimit } of this.bounds.indices) {
      const start = this.host.addressOf(index) / 4
      for (let i = cursor; i < last + reads; i++) {
        if (words[start + i] >= rowLimit) {
          throw new EngineError('buffer', `wasm engine: ${this.label} reads row ${words[start + i]} (${index.label}[${i}]) of ${rowLimit} rows; correct the index`)
        }
      }
    }
  }

  /** Codes are checked after the row numbers that lead to them. */
  private checkCodes(first: number, last: number): void {
    const words = this.host.storage.words
    const wordAt = (buffer: BufferHandle, i: number): number => words[this.host.addressOf(buffer) / 4 + i]
    for (const codes of this.bounds.codes) {
      for (let cursor = first; cursor <= last; cursor += this.rows) {
        for (let r = 0; r < codes.rows; r++) {
          const place = rowStart(codes, r, cursor, wordAt)
          const code = wordAt(codes.buffer, place)
          if (code > LARGEST_CODE) {
            throw new EngineError('buffer', `wasm engine: ${this.label} augments by code ${code} (${codes.buffer.label}[${place}]), at most ${LARGEST_CODE}: dy + 128 + 256(dx + 128) + 65536 flip`)
          }
        }
      }
    }
  }

  private checkCapture({ from, offset, length, into }: Capture, count: number): void {
    if (offset + length > from.length || count * length > into.length) {
      throw new EngineError(
        'buffer',
        `wasm engine: ${this.label} captures ${count} times ${length} elements at ${offset} of ${from.label} (${from.length}) into ${into.label} (${into.length}); they do not fit`,
      )
    }
  }
}

function setRates(module: KernelModule, rates: Rates): void {
  const { learningRate, momentum, weightDecay, secondMomentum, epsilon, decoupledDecay } = rates
  module.setRates(learningRate, momentum, weightDecay, secondMomentum, epsilon, 1 - momentum, 1 - secondMomentum, 1 - decoupledDecay)
}
