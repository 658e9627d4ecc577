import { frameAt, type Engine } from '../engine.ts'
import { Recorder } from '../recorder.ts'
import type { Recording } from '../recording.ts'
import type { Tensor } from '../tensor.ts'
import type { OpenedDevice } from './device.ts'
import { defaultTuning } from './tuning.ts'
import { SHAPE_CLASSES, type ShapeClass, type Tuning, type Variant } from './variant.ts'
import { createWebGpuEngine } from './webgpu-engine.ts'

export interface TuneOptions {
  /** Milliseconds after which no further variant is tried; 250 by default. */
  readonly budget?: number
  /** Clock in milliseconds. */
  readonly now?: () => number
  /** Measures software adapters too. They keep their fixed choice otherwise: compiling one large tile takes longer than the budget. */
  readonly software?: boolean
}

/** A product [m, k]·[k, n] that stands for its class. */
const SAMPLES: Readonly<Record<ShapeClass, readonly [m: number, k: number, n: number]>> = {
  smallShort: [32, 50, 50],
  smallLong: [32, 784, 50],
  largeShort: [784, 32, 50],
  largeLong: [784, 2000, 50],
}

/** Variants to try beside the default, most promising first. */
const CANDIDATES: Readonly<Record<ShapeClass, readonly Variant[]>> = {
  smallShort: [variant(1, 1, 1), variant(2, 4, 8), variant(2, 4, 1)],
  smallLong: [variant(1, 1, 32), variant(2, 4, 32), variant(4, 5, 16)],
  largeShort: [variant(2, 4, 1), variant(2, 4, 4), variant(8, 10, 1)],
  largeLong: [variant(4, 5, 16), variant(8, 10, 1), variant(2, 4, 8)],
}

/** A variant replaces another only when it is this much faster: noise must not change the bits of results. */
const CLEARLY_FASTER = 0.85

/** Replays of one timing: about this many milliseconds, within bounds. */
const TIMING = 5
const MOST_REPLAYS = 32
const REPEATS = 3

/**
 * Measures which variant suits each class of products. Keep the result (`restoreTuning` reads it back): another
 * choice may give other last bits.
 */
export async function tune(opened: OpenedDevice, options: TuneOptions = {}): Promise<Tuning> {
  const start = defaultTuning(opened)
  if (opened.fallbackAdapter && options.software !== true) return start
  const now = options.now ?? (() => performance.now())
  const deadline = now() + (options.budget ?? 250)
  const chosen = { ...start.variants }
  const times = new Map<ShapeClass, number>()
  const rounds = Math.max(...SHAPE_CLASSES.map((name) => CANDIDATES[name].length))
  for (let round = 0; round < rounds; round++) {
    for (const name of SHAPE_CLASSES) {
      const candidate = CANDIDATES[name][round]
      if (candidate === undefined || now() > deadline) continue
      const best = times.get(name) ?? (await measure(opened, withVariant(start, name, chosen[name]), name, now))
      times.set(name, best)
      if (now() > deadline) continue
      const time = await measure(opened, withVariant(start, name, candidate), name, now)
      if (time >= CLEARLY_FASTER * best) continue
      chosen[name] = candidate
      times.set(name, time)
    }
  }
  return { ...start, variants: chosen }
}

/** Milliseconds of one replay, the best of a few repeats. */
async function measure(opened: OpenedDevice, tuning: Tuning, name: ShapeClass, now: () => number): Promise<number> {
  const engine = await createWebGpuEngine(opened, { tuning, keepDevice: true })
  try {
    const executable = await engine.compile(sampleProduct(engine, ...SAMPLES[name]))
    const time = async (replays: number): Promise<number> => {
      const start = now()
      await executable.run(frameAt(0), replays)
      return (now() - start) / replays
    }
    await time(1)
    let best = await time(1)
    const replays = Math.max(1, Math.min(MOST_REPLAYS, Math.floor(TIMING / best)))
    for (let i = 0; i < REPEATS; i++) best = Math.min(best, await time(replays))
    return best
  } finally {
    engine.dispose()
  }
}

function sampleProduct(engine: Engine, m: number, k: number, n: number): Recording {
  const ops = new Recorder('tuning', m)
  const matrix = (rows: number, cols: number): Tensor => ops.fixed(engine.allocate('float', rows * cols, 'tuning'), 0, [rows, cols])
  ops.store(ops.matmul(matrix(m, k), matrix(k, n)), matrix(m, n), 'assign')
  return ops.finish()
}

function withVariant(tuning: Tuning, name: ShapeClass, choice: Variant): Tuning {
  return { ...tuning, variants: { ...tuning.variants, [name]: choice } }
}

function variant(m: number, n: number, splitK: number): Variant {
  return { tile: { m, n }, splitK }
}
