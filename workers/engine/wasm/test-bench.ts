import { frameAt, type Capture, type Engine, type Frame } from '../engine.ts'
import { Recorder } from '../recorder.ts'
import { sizeOf, type BufferHandle, type Tensor } from '../tensor.ts'
import { createWasmEngine } from './wasm-engine.ts'

export const STILL: Frame = frameAt(0)

/** Reproducible float32 numbers in [−1, 1) with full mantissas, so that every rounding shows. */
export function numbers(length: number, seed: number): Float32Array {
  let state = (seed * 2654435761) >>> 0
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}

/** A matrix and where its rows lie in a buffer, for plain loops. */
export interface Rows {
  readonly values: Float32Array
  readonly cols: number
  readonly start: (row: number) => number
}

/** Tensors of a recording under test, with their contents known to the test. */
export class TestBench {
  readonly ops: Recorder

  private constructor(
    readonly engine: Engine,
    rows: number,
  ) {
    this.ops = new Recorder('test', rows)
  }

  static async open(rows = 1): Promise<TestBench> {
    return new TestBench(await createWasmEngine(), rows)
  }

  buffer(values: Float32Array): BufferHandle {
    const buffer = this.engine.allocate('float', values.length, 'values')
    this.engine.write(buffer, values)
    return buffer
  }

  indices(values: readonly number[]): BufferHandle {
    const buffer = this.engine.allocate('index', values.length, 'indices')
    this.engine.write(buffer, Uint32Array.from(values))
    return buffer
  }

  fixed(shape: readonly number[], values: Float32Array): Tensor {
    return this.ops.fixed(this.buffer(values), 0, shape)
  }

  empty(shape: readonly number[]): Tensor {
    return this.fixed(shape, new Float32Array(sizeOf(shape)))
  }

  async run(frame: Partial<Frame> = {}, count = 1, capture?: Capture): Promise<void> {
    const executable = await this.engine.compile(this.ops.finish())
    await executable.run({ ...STILL, ...frame }, count, capture)
    executable.dispose()
  }

  async values(tensor: Tensor): Promise<Float32Array> {
    if (tensor.location === null) throw new Error('a temporary cannot be read')
    return Float32Array.from(await this.engine.read(tensor.location.buffer, tensor.location.offset, sizeOf(tensor.shape)))
  }
}
