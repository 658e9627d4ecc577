import { chosenClasses } from './derive.ts'
import type { IndexSplit } from './dataset-index.ts'
import { openPrepared, type PreparedName } from './prepared.ts'
import { readShard } from './shard.ts'
import type { ByteSource } from './source.ts'

export interface SampleCounts {
  readonly trainSamples: number
  readonly testSamples: number
}

/** Length of the shortest beginning that holds `wanted` samples of the classes, at most all. */
function prefixHolding(labels: Uint8Array, kept: ReadonlySet<number>, wanted: number): number {
  let found = 0
  for (let at = 0; at < labels.length; at++) if (kept.has(labels[at]) && ++found === wanted) return at + 1
  return labels.length
}

/**
 * How many samples of a prepared data set must be loaded so that a class filter leaves as many as wanted. Fetches the
 * labels only, so that a small run with a filter stays small.
 * @param classes the class filter; null asks for nothing beyond `wanted`
 * @throws DataError as `loadDataset` and `deriveDataset` do
 */
export async function samplesNeeded(
  source: ByteSource,
  name: PreparedName,
  classes: readonly number[] | null,
  wanted: SampleCounts,
  signal?: AbortSignal,
): Promise<SampleCounts> {
  if (classes === null) return wanted
  const { index, folder, remedy } = await openPrepared(source, name, signal)
  const kept = chosenClasses(classes, index.classes, name)
  if (kept === null) return wanted
  const prefix = async ({ labels }: IndexSplit, samples: number) =>
    prefixHolding(await readShard(source, folder + labels.file, labels, remedy, signal), new Set(kept), samples)
  return { trainSamples: await prefix(index.splits.train, wanted.trainSamples), testSamples: await prefix(index.splits.test, wanted.testSamples) }
}
