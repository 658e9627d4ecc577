import { EngineError, type Engine, type EngineInfo } from '../engine/engine.ts'
import { createReferenceEngine } from '../engine/reference/reference-engine.ts'
import type { ConcreteEngine, EngineSource } from './environment.ts'

/** An engine of a test: the reference under another name, with a device that can be lost. */
export interface FakeEngine {
  readonly source: EngineSource
  /** How often it was opened. */
  readonly opened: () => number
  /** Ends the device: `lost` resolves and every use throws. */
  lose(reason: string): void
}

export interface FakeEngineOptions {
  readonly info?: Partial<EngineInfo>
  readonly automatic?: boolean
  /** Thrown by `open`. */
  readonly refuses?: string
  /** Extra milliseconds of every replay. */
  readonly delay?: number
  /** Buffers of more elements are refused. */
  readonly largestBuffer?: number
}

export function fakeEngine(choice: ConcreteEngine, { info = {}, automatic = true, refuses, delay = 0, largestBuffer = Infinity }: FakeEngineOptions = {}): FakeEngine {
  let opened = 0
  let lose: (reason: string) => void = () => undefined
  const open = (): Engine => {
    opened++
    if (refuses !== undefined) throw new EngineError('unavailable', refuses)
    const engine = createReferenceEngine()
    let reason: string | null = null
    const alive = (): void => {
      if (reason !== null) throw new EngineError('lost', reason)
    }
    const lost = new Promise<string>((resolve) => {
      lose = (why) => {
        reason = why
        resolve(why)
      }
    })
    return {
      info: { ...engine.info, ...info },
      lost,
      allocate: (kind, length, label) => {
        alive()
        if (length > largestBuffer) throw new EngineError('memory', `fake engine: ${label} needs ${length} elements, the limit is ${largestBuffer}`)
        return engine.allocate(kind, length, label)
      },
      free: (buffer) => {
        alive()
        engine.free(buffer)
      },
      write: (buffer, values, offset) => {
        alive()
        engine.write(buffer, values, offset)
      },
      read: async (buffer, offset, length) => {
        alive()
        return engine.read(buffer, offset, length)
      },
      compile: async (recording) => {
        alive()
        const executable = await engine.compile(recording)
        return {
          rows: executable.rows,
          dispatches: executable.dispatches,
          run: async (frame, count, capture) => {
            alive()
            await executable.run(frame, count, capture)
            if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay * count))
          },
          dispose: () => executable.dispose(),
        }
      },
      memoryBytes: () => engine.memoryBytes(),
      dispose: () => engine.dispose(),
    }
  }
  const source: EngineSource = {
    choice,
    label: `fake ${choice}`,
    automatic,
    bitExact: true,
    note: null,
    open: () => Promise.resolve().then(open),
  }
  return { source, opened: () => opened, lose: (reason) => lose(reason) }
}
