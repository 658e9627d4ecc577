import type { Recording } from './recording.ts'
import type { BufferHandle, BufferKind } from './tensor.ts'

export type EngineName = 'reference' | 'wasm' | 'webgpu'

/** What a result must say about the engine that computed it. */
export interface EngineInfo {
  readonly name: EngineName
  readonly precision: 'float64' | 'float32'
  /** Human name: "CPU (WebAssembly SIMD)", "WebGPU (SwiftShader)". */
  readonly label: string
  /** Changes whenever the same recording may give other bits: part of every stage's content key. */
  readonly numericalVersion: string
  /** True when equal inputs give equal bits on every machine. */
  readonly bitExact: boolean
  /** True for software GPU adapters, which never win the automatic choice. */
  readonly fallbackAdapter: boolean
}

/** The scalars of an optimiser step, as `sgdUpdate` and `update` use them. */
export interface Rates {
  /** η; for `adam` with the bias corrections of the step in it. */
  readonly learningRate: number
  /** β: momentum, or decay rate of the first moment. */
  readonly momentum: number
  /** λ of λ‖W‖²: adds 2λw to the gradient. */
  readonly weightDecay: number
  /** β₂: decay rate of the second moment (of the first in `lion`). */
  readonly secondMomentum: number
  /** ε; for `adam` with the bias correction of the step in it. */
  readonly epsilon: number
  /** d: the share of a decayed weight that a step takes away besides the gradient. */
  readonly decoupledDecay: number
}

/** The scalars of one replay. */
export interface Frame extends Rates {
  /** First sample (or first position in the batch order) of the replay. */
  readonly cursor: number
}

/** Rates of plans that update nothing. */
export const NO_RATES: Rates = { learningRate: 0, momentum: 0, weightDecay: 0, secondMomentum: 0, epsilon: 0, decoupledDecay: 0 }

/** The frame of a plan that updates nothing. */
export function frameAt(cursor: number): Frame {
  return { ...NO_RATES, cursor }
}

/** After every replay i, elements [offset, offset + length) of `from` are copied to `into` at i·length. */
export interface Capture {
  readonly from: BufferHandle
  readonly offset: number
  readonly length: number
  readonly into: BufferHandle
}

/** A compiled recording on preallocated buffers: a replay allocates nothing. */
export interface Executable {
  /** Samples the cursor advances by from one replay to the next. */
  readonly rows: number
  /** Kernels (CPU) or dispatches (GPU) of one replay, for benchmarks and the curious. */
  readonly dispatches: number
  /**
   * Replays `count` times; replay i runs at cursor frame.cursor + i·rows, with the rates of the frame or, where they
   * change from step to step, with ratesAt(i). Resolves when the results can be read. CPU engines return synchronously.
   */
  run(frame: Frame, count: number, capture?: Capture, ratesAt?: (replay: number) => Rates): void | Promise<void>
  /** Frees the temporaries. The buffers that the recording refers to stay. */
  dispose(): void
}

/** An executor: owns buffers, compiles recordings, replays them. */
export interface Engine {
  readonly info: EngineInfo
  /** Zero-filled storage. Throws `EngineError('memory')` naming need and limit when it does not fit. */
  allocate(kind: BufferKind, length: number, label: string): BufferHandle
  free(buffer: BufferHandle): void
  /** Elements [offset, offset + values.length) ← values (rounded to the engine's precision). */
  write(buffer: BufferHandle, values: Float32Array | Float64Array | Uint32Array, offset?: number): void
  /** A copy of elements [offset, offset + length), in the engine's precision. */
  read(buffer: BufferHandle, offset?: number, length?: number): Promise<Float32Array | Float64Array>
  compile(recording: Recording): Promise<Executable>
  /** Bytes held in buffers and temporaries now. */
  memoryBytes(): number
  /** Resolves with the reason when the device is gone; never for CPU engines. */
  readonly lost: Promise<string>
  /** Releases everything. The engine must not be used afterwards. */
  dispose(): void
}

export type EngineErrorCode = 'memory' | 'unavailable' | 'buffer' | 'compile' | 'lost'

/** Thrown by engines; the message names what was asked, the limit and the remedy. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly code: EngineErrorCode

  constructor(code: EngineErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
