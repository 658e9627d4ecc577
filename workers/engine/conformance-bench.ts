import type { Engine, Frame, Rates } from './engine.ts'
import { Recorder } from './recorder.ts'
import { sizeOf, type BufferHandle, type Tensor } from './tensor.ts'

/**
 * One suite for all executors: every case builds buffers and a recording on the given engine, replays it and returns
 * the numbers that must agree with the float64 reference. Runs under any test runner and in a browser worker.
 */
export interface ConformanceCase {
  readonly name: string
  run(engine: Engine): Promise<Float64Array>
}

export const FRAME: Frame = {
  ...{ cursor: 0, learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 },
  ...{ secondMomentum: 0.99, epsilon: 1e-3, decoupledDecay: 0.02 },
}

/** Reproducible numbers in [−1, 1) that are exact in float32 (a linear congruential generator, Numerical Recipes). */
export function numbers(length: number, seed: number): Float32Array {
  let state = seed >>> 0
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return ((state >>> 8) - 8388608) / 8388608
  })
}

/** Buffers of one case, filled with reproducible numbers. */
export class Bench {
  constructor(
    readonly engine: Engine,
    readonly ops: Recorder,
  ) {}

  filled(length: number, seed: number): BufferHandle {
    const buffer = this.engine.allocate('float', length, `case ${seed}`)
    this.engine.write(buffer, numbers(length, seed))
    return buffer
  }

  fixed(shape: readonly number[], seed: number): Tensor {
    return this.ops.fixed(this.filled(sizeOf(shape), seed), 0, shape)
  }

  indices(values: readonly number[]): BufferHandle {
    const buffer = this.engine.allocate('index', values.length, 'indices')
    this.engine.write(buffer, Uint32Array.from(values))
    return buffer
  }

  empty(shape: readonly number[]): Tensor {
    return this.ops.fixed(this.engine.allocate('float', sizeOf(shape), 'result'), 0, shape)
  }

  /** Replays and returns what the places hold, one after the other. */
  async result(places: readonly Tensor[], count = 1, frame = FRAME, ratesAt?: (replay: number) => Rates): Promise<Float64Array> {
    const executable = await this.engine.compile(this.ops.finish())
    await executable.run(frame, count, undefined, ratesAt)
    const parts: number[] = []
    for (const { location, shape } of places) {
      if (location === null) throw new Error('a result needs a place')
      parts.push(...(await this.engine.read(location.buffer, location.offset, sizeOf(shape))))
    }
    executable.dispose()
    return Float64Array.from(parts)
  }
}

export function define(name: string, rows: number, body: (bench: Bench) => Promise<Float64Array>): ConformanceCase {
  return { name, run: (engine) => body(new Bench(engine, new Recorder(name, rows))) }
}
