import { DataError } from './data-error.ts'
import { parseIndex, type DatasetIndex, type IndexSplit, type Shard, type SplitName } from './dataset-index.ts'
import { featureCount, freezeDataset, type Dataset, type DatasetSplit } from './dataset.ts'
import { standardizeInto } from './preprocess.ts'
import { fetchOrThrow, readShard } from './shard.ts'
import type { ByteSource } from './source.ts'

export interface DatasetRequest {
  readonly name: 'mnist'
  /** The first so many images of each split. */
  readonly trainSamples: number
  readonly testSamples: number
}

/** Emitted while bytes arrive and after each shard is decoded. */
export interface DataProgress {
  /** Shards decoded, of so many needed. */
  readonly step: number
  readonly of: number
  /** Compressed bytes received or found in the cache, of so many needed. */
  readonly bytes: number
  readonly totalBytes: number
}

const PARALLEL_FETCHES = 4
const REMEDIES: Readonly<Record<DatasetRequest['name'], string>> = {
  mnist: 'run `node scripts/prepare-mnist.mjs --force` and reload',
}

interface Task {
  readonly shard: Shard
  /** Puts the verified bytes in their place. */
  readonly place: (bytes: Uint8Array) => void
}

function checkSamples(dataset: string, split: SplitName, wanted: number, available: number): void {
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > available) {
    throw new DataError('shape', `${dataset}: ${split}Samples=${wanted}; choose an integer from 1 to ${available}`)
  }
}

function planSplit(index: DatasetIndex, part: IndexSplit, wanted: number): { split: DatasetSplit; tasks: Task[] } {
  const features = featureCount(index)
  const images = new Float32Array(wanted * features)
  const raw = new Uint8Array(wanted * features)
  const labels = new Uint8Array(wanted)
  const imageTasks = part.images
    .filter((shard) => shard.first < wanted)
    .map((shard): Task => {
      const start = shard.first * features
      const used = Math.min(shard.count, wanted - shard.first) * features
      const place = (bytes: Uint8Array) => {
        raw.set(bytes.subarray(0, used), start)
        standardizeInto(images.subarray(start, start + used), bytes.subarray(0, used), index, shard.first)
      }
      return { shard, place }
    })
  const labelTask: Task = { shard: part.labels, place: (bytes) => labels.set(bytes.subarray(0, wanted)) }
  return { split: { count: wanted, images, labels, raw }, tasks: [labelTask, ...imageTasks] }
}

function checkLabels(dataset: string, split: SplitName, { labels }: DatasetSplit, classes: number): void {
  const at = labels.findIndex((label) => label >= classes)
  if (at !== -1) throw new DataError('corrupt', `${dataset}: ${split} label ${at} is ${labels[at]}, expected 0 to ${classes - 1}`)
}

async function runTasks(
  tasks: readonly Task[],
  read: (shard: Shard, onBytes: (received: number) => void) => Promise<Uint8Array>,
  onProgress: (progress: DataProgress) => void,
): Promise<void> {
  const received = tasks.map(() => 0)
  const totalBytes = tasks.reduce((sum, task) => sum + task.shard.compressedBytes, 0)
  let step = 0
  let next = 0
  const report = () => onProgress({ step, of: tasks.length, bytes: received.reduce((a, b) => a + b, 0), totalBytes })
  const lane = async () => {
    while (next < tasks.length) {
      const mine = next++
      const { shard, place } = tasks[mine]
      const bytes = await read(shard, (count) => {
        received[mine] = Math.min(count, shard.compressedBytes)
        report()
      })
      place(bytes)
      received[mine] = shard.compressedBytes
      step++
      report()
    }
  }
  await Promise.all(Array.from({ length: PARALLEL_FETCHES }, lane))
}

async function readIndex(source: ByteSource, url: string, remedy: string, signal?: AbortSignal): Promise<DatasetIndex> {
  try {
    const bytes = await fetchOrThrow(source, url, remedy, signal)
    const index = parseIndex(bytes, url, remedy)
    await source.cache?.put(url, bytes)
    return index
  } catch (error) {
    // Shards are named by content, so the last good index still fits them when the host cannot be reached.
    const cached = error instanceof DataError && error.code === 'network' ? await source.cache?.get(url) : null
    if (!cached) throw error
    return parseIndex(cached, url, remedy)
  }
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
  signal?.throwIfAborted()
  const folder = `${source.baseUrl}data/${name}/`
  const remedy = REMEDIES[name]
  const index = await readIndex(source, `${folder}index.json`, remedy, signal)
  checkSamples(name, 'train', trainSamples, index.splits.train.count)
  checkSamples(name, 'test', testSamples, index.splits.test.count)
  const train = planSplit(index, index.splits.train, trainSamples)
  const test = planSplit(index, index.splits.test, testSamples)

  // One failed shard stops the other transfers, as the caller's signal does.
  const stop = new AbortController()
  const forward = () => stop.abort(signal?.reason)
  signal?.addEventListener('abort', forward)
  try {
    const read = (shard: Shard, onBytes: (received: number) => void) =>
      readShard(source, folder + shard.file, shard, remedy, stop.signal, onBytes)
    await runTasks([...train.tasks, ...test.tasks], read, onProgress)
  } catch (error) {
    stop.abort(error)
    throw error
  } finally {
    signal?.removeEventListener('abort', forward)
  }
  checkLabels(name, 'train', train.split, index.classes)
  checkLabels(name, 'test', test.split, index.classes)
  const { height, width, channels, classes, sha256: hash } = index
  return freezeDataset({ name, hash, height, width, channels, classes, train: train.split, test: test.split, notes: [] })
}
