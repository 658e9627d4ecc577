import type { EngineChoice } from '../../src/contracts/session.ts'
import type { Engine } from '../engine/engine.ts'
import type { ByteSource } from '../data/source.ts'
import type { LinalgThreads } from '../linalg/thread.ts'
import type { ThreadSource } from '../parallel/thread.ts'
import type { ResultStore } from './store.ts'

export type ConcreteEngine = Exclude<EngineChoice, 'auto'>

/** One engine this place could offer. */
export interface EngineSource {
  readonly choice: ConcreteEngine
  readonly label: string
  /** Never chosen automatically when false: the judge, and engines that trade bits for speed. */
  readonly automatic: boolean
  readonly bitExact: boolean
  readonly note: string | null
  /** Opens the engine; throws an `EngineError` with the reason when it is not to be had. */
  open(): Promise<Engine>
}

/** What differs between a browser worker and Node. */
export interface SessionEnvironment {
  readonly engines: readonly EngineSource[]
  readonly data: (dataUrl: string) => ByteSource
  readonly store: ResultStore
  readonly now: () => number
  /** Threads that share evaluations on the CPU engine; null where there are none. */
  readonly threads: ThreadSource | null
  /** Entry point of WebGPU; null where there is none. */
  readonly gpu: () => Promise<GPU | null>
  /** Threads for dense linear algebra; null where there are none. */
  readonly linalgThreads: LinalgThreads | null
  /** Lets the event loop turn, so that messages arrive. */
  readonly breathe: () => Promise<void>
  readonly appVersion: string
}
