/** The part of a dispatch that one kernel becomes: a WGSL function and the workgroups that run it. */
export interface Segment {
  readonly label: string
  /** Statements; they see `group` (workgroup of this segment), `lane` (thread of the workgroup), `frame` and buffers. */
  readonly body: string
  readonly workgroups: number
  /** Floats of workgroup memory that the body uses as `shared_sums`. */
  readonly sharedFloats: number
  /** WGSL functions that the body calls, callees first. */
  readonly functions: readonly string[]
}

/** Options that every kernel generator receives. */
export interface SegmentOptions {
  /** Threads per workgroup. */
  readonly workgroup: number
  /** Whether a thread of an element-wise kernel takes a whole row where there are many. */
  readonly longThreads: boolean
}
