import { adapterName, type OpenedDevice } from './device.ts'
import type { Tile, Tuning } from './variant.ts'

const TILE_LARGE: Tile = { m: 8, n: 10 }
const TILE_MEDIUM: Tile = { m: 4, n: 5 }
const TILE_SMALL: Tile = { m: 2, n: 4 }

/** Identifies what a measured choice is valid for. */
export function tuningKey({ adapterInfo, fallbackAdapter }: OpenedDevice): string {
  return `1/${adapterName(adapterInfo)}/${fallbackAdapter ? 'software' : 'hardware'}`
}

/**
 * A choice without measuring. Software adapters run few threads on a vector unit: large register tiles and no
 * workgroup memory. Hardware needs thousands of threads: small tiles, and long sums split.
 */
export function defaultTuning(opened: OpenedDevice): Tuning {
  const key = tuningKey(opened)
  if (opened.fallbackAdapter) {
    return {
      key,
      workgroup: 16,
      variants: {
        smallShort: { tile: TILE_MEDIUM, splitK: 1 },
        smallLong: { tile: TILE_MEDIUM, splitK: 1 },
        largeShort: { tile: TILE_LARGE, splitK: 1 },
        largeLong: { tile: TILE_LARGE, splitK: 1 },
      },
    }
  }
  return {
    key,
    workgroup: 64,
    variants: {
      smallShort: { tile: { m: 1, n: 1 }, splitK: 4 },
      smallLong: { tile: TILE_SMALL, splitK: 16 },
      largeShort: { tile: TILE_MEDIUM, splitK: 1 },
      largeLong: { tile: TILE_MEDIUM, splitK: 4 },
    },
  }
}
