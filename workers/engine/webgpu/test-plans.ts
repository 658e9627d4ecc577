import { makePlan } from '../plan.ts'
import type { Recording } from '../recording.ts'
import type { BufferHandle, Operand } from '../tensor.ts'
import { lower, type LoweredPlan } from './lower.ts'
import { programOf, sketcher, type Program } from './program.ts'
import { schedule } from './schedule.ts'
import { unitsOf, type Unit } from './units.ts'
import type { Tuning } from './variant.ts'

let nextId = 0

/** A buffer that no engine knows: for tests of what a plan becomes. */
export function buffer(length: number, label: string, kind: 'float' | 'index' = 'float'): BufferHandle {
  return { id: nextId++, kind, length, label }
}

/** A dense operand in a buffer of its own. */
export function operandOf(rows: number, cols: number): Operand {
  return { buffer: buffer(rows * cols, 'x'), offset: 0, rowStride: cols, addressing: { kind: 'fixed' }, rows, cols }
}

/** The same tile and split for every product; sums are cut for 16 threads, in slices of at least 512. */
export function everywhere(m: number, n: number, splitK = 1): Tuning {
  const variant = { tile: { m, n }, splitK }
  return {
    key: 'test',
    workgroup: 8,
    variants: { smallShort: variant, smallLong: variant, largeShort: variant, largeLong: variant },
    longSums: { threads: 16, shortest: 512 },
    longThreads: false,
  }
}

/** The kernels of a recording with long sums cut. */
export function loweredPlan(recording: Recording, tuning: Tuning): LoweredPlan {
  return lower(makePlan(recording, (length) => buffer(length, 'temporaries')).kernels, tuning, (length) => buffer(length, 'parts'))
}

export function unitsIn(recording: Recording, tuning = everywhere(4, 5)): readonly Unit[] {
  const plan = makePlan(recording, (length) => buffer(length, 'temporaries'))
  return unitsOf(lower(plan.kernels, tuning, (length) => buffer(length, 'parts')).kernels, plan.temporaries)
}

export function programsIn(recording: Recording, tuning = everywhere(4, 5), maxBuffers = 8): readonly Program[] {
  const sketchOf = sketcher(tuning)
  return schedule(unitsIn(recording, tuning), { maxBuffers, sketchOf }).map((units) => programOf(units, { tuning, maxWorkgroups: 65535, sketchOf }))
}
