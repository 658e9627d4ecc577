import type { Segment, SegmentOptions } from '../segment.ts'
import { u32 } from '../wgsl.ts'

/** More workgroups than this loop over the elements instead. */
const MOST_WORKGROUPS = 4096

/** A matrix whose elements one thread each works on. */
export interface Elements {
  readonly rows: number
  readonly cols: number
  /** Whether `col` may run over all elements with `row` 0, because every operand is flat. */
  readonly flat?: boolean
}

/** One thread per element, `statements` seeing its `row` and `col`. */
export function elementwiseSegment(
  label: string,
  { rows, cols, flat = false }: Elements,
  statements: readonly string[],
  { workgroup }: SegmentOptions,
  functions: readonly string[] = [],
): Segment {
  const total = rows * cols
  const workgroups = Math.min(Math.ceil(total / workgroup), MOST_WORKGROUPS)
  const places = flat ? 'let row = 0u; let col = e;' : `let row = e / ${u32(cols)}; let col = e % ${u32(cols)};`
  const first = `group * ${u32(workgroup)} + lane`
  const covered = workgroups * workgroup
  const body =
    covered >= total
      ? [`let e = ${first};`, `if (e < ${u32(total)}) {`, places, ...statements, '}']
      : [`for (var e = ${first}; e < ${u32(total)}; e += ${u32(covered)}) {`, places, ...statements, '}']
  return { label: `${label} ${rows}×${cols}`, body: body.join('\n'), workgroups, sharedFloats: 0, functions }
}
