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
  readonly longSums: LongSums
  /** Whether threads of element-wise kernels take whole rows: for devices with few threads and slow integer division. */
  readonly longThreads: boolean
}

/** How sums that few threads would take long for are cut into slices, whose parts are added by another dispatch. */
export interface LongSums {
  /** Threads that keep the device busy. */
  readonly threads: number
  /** Terms below which a slice is not worth its thread. */
  readonly shortest: number
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

/** `16:4x5,4x5,8x10,8x10:256/1024`: the whole choice in one word, for numerical versions. */
export function formatTuning({ workgroup, variants, longSums }: Tuning): string {
  return `${workgroup}:${SHAPE_CLASSES.map((name) => formatVariant(variants[name])).join(',')}:${longSums.threads}/${longSums.shortest}`
}

/**
 * The largest tile within the wanted one whose rows divide `rowPeriod`, else the cheapest: 12 columns in tiles of at
 * most 10 become two of 6.
 */
export function fitTile(tile: Tile, m: number, n: number, rowPeriod = 1): Tile {
  return { m: fitSide(tile.m, m, rowPeriod), n: fitSide(tile.n, n, 1) }
}

/** What a tile costs beside its side, in units of one row of it: the loads that its rows share. */
const SHARED_COST = 2

/** Sides below half of what is wanted are not tried. */
function fitSide(wanted: number, size: number, period: number): number {
  const most = Math.min(wanted, size)
  const cost = (side: number): number => Math.ceil(size / side) * (side + SHARED_COST)
  let best = most
  for (let side = most; side >= most / 2; side--) {
    if (period > 1 && period % side === 0) return side
    if (cost(side) < cost(best)) best = side
  }
  return best
}
