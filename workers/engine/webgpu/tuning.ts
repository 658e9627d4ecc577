import { adapterName, type OpenedDevice } from './device.ts'
import { SHAPE_CLASSES, type LongSums, type ShapeClass, type Tile, type Tuning, type Variant } from './variant.ts'

const TILE_LARGE: Tile = { m: 8, n: 10 }
const TILE_MEDIUM: Tile = { m: 4, n: 5 }
const TILE_SMALL: Tile = { m: 2, n: 4 }

/** Identifies what a measured choice is valid for. */
export function tuningKey({ adapterInfo, fallbackAdapter }: OpenedDevice): string {
  return `2/${adapterName(adapterInfo)}/${fallbackAdapter ? 'software' : 'hardware'}`
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
      workgroup: 8,
      variants: {
        smallShort: { tile: TILE_MEDIUM, splitK: 1 },
        smallLong: { tile: TILE_LARGE, splitK: 1 },
        largeShort: { tile: TILE_LARGE, splitK: 1 },
        largeLong: { tile: TILE_LARGE, splitK: 1 },
      },
      longSums: { threads: 256, shortest: 1024 },
      longThreads: true,
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
    longSums: { threads: 32768, shortest: 64 },
    longThreads: false,
  }
}

const WORKGROUPS: readonly unknown[] = [8, 16, 32, 64, 128, 256]
const LARGEST_TILE = 16
const LARGEST_SPLIT = 64
const MOST_THREADS = 2 ** 20

/** A measured choice read back from storage; null when it was made for another adapter or version, or is damaged. */
export function restoreTuning(stored: unknown, opened: OpenedDevice): Tuning | null {
  if (!isRecord(stored) || stored['key'] !== tuningKey(opened) || !WORKGROUPS.includes(stored['workgroup'])) return null
  const { variants, longSums } = stored
  if (!isRecord(variants) || !SHAPE_CLASSES.every((name) => isVariant(variants[name])) || !isLongSums(longSums)) return null
  const pick = (name: ShapeClass): Variant => variants[name] as Variant
  return {
    key: tuningKey(opened),
    workgroup: Number(stored['workgroup']),
    variants: { smallShort: pick('smallShort'), smallLong: pick('smallLong'), largeShort: pick('largeShort'), largeLong: pick('largeLong') },
    longSums: { threads: longSums.threads, shortest: longSums.shortest },
    longThreads: opened.fallbackAdapter,
  }
}

function isVariant(value: unknown): value is Variant {
  if (!isRecord(value) || !isRecord(value['tile'])) return false
  const { splitK, tile } = value
  return isCount(tile['m'], LARGEST_TILE) && isCount(tile['n'], LARGEST_TILE) && isCount(splitK, LARGEST_SPLIT) && Number.isInteger(Math.log2(splitK))
}

function isLongSums(value: unknown): value is LongSums {
  return isRecord(value) && isCount(value['threads'], MOST_THREADS) && isCount(value['shortest'], MOST_THREADS)
}

function isCount(value: unknown, largest: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= largest
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
