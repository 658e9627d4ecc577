/** How many elements of a product one thread holds in registers. */
export interface Tile {
  readonly m: number
  readonly n: number
}

/** How a matrix product is laid out on the device. Another variant may give other last bits. */
export interface Variant {
  readonly tile: Tile
  /** Threads of one workgroup that share a tile, each summing every splitK-th k; their sums are added in order. */
  readonly splitK: number
}

/** Classes of products that want the same variant: by number of outputs, and by length of the sum. */
export type ShapeClass = 'smallShort' | 'smallLong' | 'largeShort' | 'largeLong'

export const SHAPE_CLASSES: readonly ShapeClass[] = ['smallShort', 'smallLong', 'largeShort', 'largeLong']

/** The choices of a device: a plain JSON value, to be kept per adapter. */
export interface Tuning {
  /** Adapter and code version the choices were made for. */
  readonly key: string
  readonly workgroup: number
  readonly variants: Readonly<Record<ShapeClass, Variant>>
}

const SMALL_OUTPUTS = 8192
const SHORT_SUM = 128

/** Class of an [m, n] product with sums of length k. */
export function shapeClass(m: number, n: number, k: number): ShapeClass {
  if (m * n <= SMALL_OUTPUTS) return k <= SHORT_SUM ? 'smallShort' : 'smallLong'
  return k <= SHORT_SUM ? 'largeShort' : 'largeLong'
}

/** `4x5/8`: tile and, where it is split, the number of threads per tile. */
export function formatVariant({ tile, splitK }: Variant): string {
  return splitK === 1 ? `${tile.m}x${tile.n}` : `${tile.m}x${tile.n}/${splitK}`
}

/** `16:4x5,4x5,8x10,8x10`: the whole choice in one word, for numerical versions. */
export function formatTuning(tuning: Tuning): string {
  return `${tuning.workgroup}:${SHAPE_CLASSES.map((name) => formatVariant(tuning.variants[name])).join(',')}`
}

/**
 * The tile with as many tiles as the wanted one but the least overhang: 12 columns in tiles of 10 become two of 6.
 */
export function fitTile(tile: Tile, m: number, n: number): Tile {
  const fit = (size: number, wanted: number): number => Math.ceil(size / Math.ceil(size / wanted))
  return { m: fit(m, tile.m), n: fit(n, tile.n) }
}
