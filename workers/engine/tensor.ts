/** The two storage kinds an engine knows: real numbers in its own precision, and unsigned 32-bit indices. */
export type BufferKind = 'float' | 'index'

/** Storage that belongs to one engine. Contents are zero until written. */
export interface BufferHandle {
  readonly id: number
  readonly kind: BufferKind
  /** Number of elements (not bytes). */
  readonly length: number
  readonly label: string
}

/**
 * How row r of a tensor is found in its buffer. A replay of a plan has one *cursor*, the sample it starts at.
 * - `fixed`: offset + r·rowStride
 * - `cursor`: offset + cursor·cursorStride + r·rowStride (values that exist for every sample)
 * - `gathered`: offset + index[cursor + r]·rowStride (a mini-batch of a resident data set)
 */
export type Addressing =
  | { readonly kind: 'fixed' }
  | { readonly kind: 'cursor'; readonly cursorStride: number }
  | { readonly kind: 'gathered'; readonly index: BufferHandle }

/** Where a tensor lives. Rows are contiguous: `rowStride` is the distance in elements between two of them. */
export interface Location {
  readonly buffer: BufferHandle
  readonly offset: number
  readonly rowStride: number
  readonly addressing: Addressing
}

/**
 * A value of a recording: row-major, the last axis contiguous. `location` is null for temporaries, whose place
 * the planner chooses.
 */
export interface Tensor {
  readonly id: number
  readonly shape: readonly number[]
  readonly location: Location | null
}

/** A tensor with its place decided, seen as a matrix [rows, cols]. What kernels read and write. */
export interface Operand extends Location {
  readonly rows: number
  readonly cols: number
}

/** Product of all axes but the last: the number of rows of the matrix view. */
export function rowsOf(shape: readonly number[]): number {
  return shape.slice(0, -1).reduce((product, size) => product * size, 1)
}

/** Length of the last axis. */
export function colsOf(shape: readonly number[]): number {
  return shape[shape.length - 1] ?? 1
}

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** `[32, 784]` as `32×784`, for messages. */
export function formatShape(shape: readonly number[]): string {
  return shape.join('×')
}

/** Whether the rows of a tensor lie one behind the other, so that it can be read in another shape. */
export function isDense({ shape, location }: Tensor): boolean {
  return location === null || (location.addressing.kind !== 'gathered' && location.rowStride === colsOf(shape))
}
