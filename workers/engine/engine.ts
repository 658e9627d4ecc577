import type { Recording } from './recorder.ts'
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

/** The scalars of one replay. */
export interface Frame {
  /** First sample (or first position in the batch order) of the replay. */
  readonly cursor: number
  /** η of `sgdUpdate`; 0 where a plan has none. */
  readonly learningRate: number
  /** β of `sgdUpdate`. */
  readonly momentum: number
  /** λ of `sgdUpdate`. */
  readonly weightDecay: number
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
   * Replays `count` times; replay i runs at cursor frame.cursor + i·rows. Resolves when the results can be read.
   * CPU engines return synchronously.
   */
  run(frame: Frame, count: number, capture?: Capture): void | Promise<void>
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
