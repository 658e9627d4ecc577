import { fuse } from './fuse.ts'
import type { Kernel } from './kernels.ts'
import { placeKernels } from './placement.ts'
import type { Recording } from './recording.ts'
import type { BufferHandle } from './tensor.ts'

/** Kernels in order, with every temporary placed. */
export interface Plan {
  readonly label: string
  readonly rows: number
  readonly kernels: readonly Kernel[]
  /** Holds all temporaries of one replay; null when there are none. */
  readonly temporaries: BufferHandle | null
}

/**
 * Turns a recording into fused kernels on placed operands. `allocate` is called at most once, with the number of
 * elements that all temporaries need together.
 */
export function makePlan(recording: Recording, allocate: (length: number) => BufferHandle): Plan {
  const { kernels, temporaries } = placeKernels(fuse(recording), allocate)
  return { label: recording.label, rows: recording.rows, kernels, temporaries }
}
