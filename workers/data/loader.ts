import { DataError } from './data-error.ts'
import type { IndexSplit, SplitName } from './dataset-index.ts'
import { featureCount, freezeDataset, type Dataset, type DatasetSplit } from './dataset.ts'
import { constantNote, standardizeInto } from './preprocess.ts'
import { openPrepared, type PreparedName, type PreparedSet } from './prepared.ts'
import { readShard } from './shard.ts'
import type { ByteSource } from './source.ts'
import { runTasks, type DataProgress, type ShardTask } from './transfer.ts'

export type { DataProgress } from './transfer.ts'

export interface DatasetRequest {
  readonly name: PreparedName
  /** The first so many images of each split. */
  readonly trainSamples: number
  readonly testSamples: number
}

interface SplitPlan {
  readonly split: DatasetSplit
  readonly tasks: readonly ShardTask[]
  /** Images with a constant channel, known when the tasks have run. */
  readonly constant: () => number
}

function checkSamples(dataset: string, split: SplitName, wanted: number, available: number): void {
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > available) {
    throw new DataError('shape', `${dataset}: ${split}Samples=${wanted}; choose an integer from 1 to ${available}`)
  }
}

function planSplit(source: ByteSource, { index, folder, remedy }: PreparedSet, part: IndexSplit, wanted: number): SplitPlan {
  const features = featureCount(index)
  const images = new Float32Array(wanted * features)
  const raw = new Uint8Array(wanted * features)
  const labels = new Uint8Array(wanted)
  let constant = 0
  const task = (shard: ShardTask['shard'], place: (bytes: Uint8Array) => void): ShardTask => ({
    shard,
    run: async (signal, onBytes) => place(await readShard(source, folder + shard.file, shard, remedy, signal, onBytes)),
  })
  const imageTasks = part.images
    .filter((shard) => shard.first < wanted)
    .map((shard) => {
      const start = shard.first * features
      const used = Math.min(shard.count, wanted - shard.first) * features
      return task(shard, (bytes) => {
        raw.set(bytes.subarray(0, used), start)
        constant += standardizeInto(images.subarray(start, start + used), bytes.subarray(0, used), index)
      })
    })
  const labelTask = task(part.labels, (bytes) => labels.set(bytes.subarray(0, wanted)))
  return { split: { count: wanted, images, labels, raw }, tasks: [labelTask, ...imageTasks], constant: () => constant }
}

function checkLabels(dataset: string, split: SplitName, { labels }: DatasetSplit, classes: number): void {
  const at = labels.findIndex((label) => label >= classes)
  if (at !== -1) throw new DataError('corrupt', `${dataset}: ${split} label ${at} is ${labels[at]}, expected 0 to ${classes - 1}`)
}

/**
 * Loads the first samples of a prepared data set, fetching only the shards that hold
 * them; every shard is verified against its SHA-256 before use.
 * Images are standardised as in `preprocess.ts`.
 * @throws DataError; or the signal's reason when aborted
 */
export async function loadDataset(
  request: DatasetRequest,
  source: ByteSource,
  onProgress: (progress: DataProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Dataset> {
  const { name, trainSamples, testSamples } = request
  const prepared = await openPrepared(source, name, signal)
  const { splits, height, width, channels, classes, sha256: hash } = prepared.index
  checkSamples(name, 'train', trainSamples, splits.train.count)
  checkSamples(name, 'test', testSamples, splits.test.count)
  const train = planSplit(source, prepared, splits.train, trainSamples)
  const test = planSplit(source, prepared, splits.test, testSamples)
  await runTasks([...train.tasks, ...test.tasks], onProgress, signal)
  checkLabels(name, 'train', train.split, classes)
  checkLabels(name, 'test', test.split, classes)
  const notes = constantNote(train.constant() + test.constant())
  const { classNames } = prepared
  return freezeDataset({ name, hash, height, width, channels, classes, train: train.split, test: test.split, notes, ...(classNames && { classNames }) })
}
