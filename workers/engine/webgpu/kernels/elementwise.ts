import type { Segment, SegmentOptions } from '../segment.ts'
import { divided, u32 } from '../wgsl.ts'

/** More workgroups than this loop over the elements instead. */
const MOST_WORKGROUPS = 4096

/** Fewer rows than this have too few threads when each takes a whole row. */
const FEWEST_LONG_THREADS = 64

/** A matrix whose elements are made one by one. */
export interface Elements {
  readonly label: string
  readonly rows: number
  readonly cols: number
  /** Whether `col` may run over all elements with `row` 0, because every operand is flat. */
  readonly flat?: boolean
  /** Statements that see `row`. */
  readonly perRow: readonly string[]
  /** Statements that see `row`, `col` and what `perRow` named. */
  readonly perElement: readonly string[]
  readonly functions?: readonly string[]
}

/** One thread per element, or per row where the device likes few threads and index arithmetic is dear. */
export function elementwiseSegment({ label, rows, cols, flat = false, perRow, perElement, functions = [] }: Elements, options: SegmentOptions): Segment {
  const name = `${label} ${rows}×${cols}`
  if (flat) return threads(name, rows * cols, 'col', ['let row = 0u;', ...perRow, ...perElement], options, functions)
  if (!options.longThreads || rows < FEWEST_LONG_THREADS) {
    return threads(name, rows * cols, 'e', [divided('e', cols, 'row', 'col'), ...perRow, ...perElement], options, functions)
  }
  return threads(name, rows, 'row', [...perRow, `for (var col = 0u; col < ${u32(cols)}; col++) {`, ...perElement, '}'], options, functions)
}

/** Runs the statements for every value of `index` below `count`. */
function threads(label: string, count: number, index: string, statements: readonly string[], { workgroup }: SegmentOptions, functions: readonly string[]): Segment {
  const workgroups = Math.min(Math.ceil(count / workgroup), MOST_WORKGROUPS)
  const first = `group * ${u32(workgroup)} + lane`
  const covered = workgroups * workgroup
  const body =
    covered >= count
      ? [`let ${index} = ${first};`, `if (${index} < ${u32(count)}) {`, ...statements, '}']
      : [`for (var ${index} = ${first}; ${index} < ${u32(count)}; ${index} += ${u32(covered)}) {`, ...statements, '}']
  return { label, body: body.join('\n'), workgroups, sharedFloats: 0, functions }
}
