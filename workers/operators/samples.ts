import { LabError } from '../../src/contracts/errors.ts'
import type { Engine } from '../engine/engine.ts'
import { uploadData, type ResidentData } from '../networks/resident-data.ts'

/** Samples on the host: images [count, features] row-major and their labels [count]. */
export interface HostSamples {
  readonly images: Float32Array
  readonly labels: Uint8Array
}

/**
 * Numbers of the samples of a part, at most `samples` of them and ascending: the first ones (`first`), the first of
 * class k (`class3`), or those of batch i, which holds samples i·N … (i + 1)·N − 1 of the set as it lies (`batch5`;
 * the last batch holds what is left). Classes and batches count from 0. Throws a `LabError` when nothing is there.
 */
export function chosenSamples(labels: ArrayLike<number>, part: string, samples: number): Uint32Array {
  if (!Number.isInteger(samples) || samples < 1) {
    throw new LabError('bad-settings', `An analysis of ${samples} samples is not possible; a whole number from 1 on is expected.`, 'Choose at least one sample.')
  }
  const [, kind, digits] = /^(first|class|batch)(\d*)$/.exec(part) ?? []
  if (kind === 'first' && digits === '') return range(0, Math.min(samples, labels.length))
  if (kind === 'class' && digits !== '') return ofClass(labels, Number(digits), samples)
  if (kind === 'batch' && digits !== '') return ofBatch(labels.length, Number(digits), samples)
  throw new LabError('bad-settings', `The part ${part} of the samples is unknown.`, 'Choose "first", a class such as "class3" or a batch such as "batch5".')
}

function ofClass(labels: ArrayLike<number>, wanted: number, samples: number): Uint32Array {
  const found: number[] = []
  let largest = 0
  for (let i = 0; i < labels.length && found.length < samples; i++) {
    largest = Math.max(largest, labels[i])
    if (labels[i] === wanted) found.push(i)
  }
  if (found.length > 0) return Uint32Array.from(found)
  throw new LabError('bad-settings', `None of the ${labels.length} training samples is of class ${wanted}; their classes are 0 to ${largest}.`, `Choose a class from 0 to ${largest}, or train on more samples.`)
}

function ofBatch(count: number, batch: number, samples: number): Uint32Array {
  const first = batch * samples
  if (first < count) return range(first, Math.min(first + samples, count))
  const last = Math.ceil(count / samples) - 1
  throw new LabError(
    'bad-settings',
    `Batch ${batch} of ${samples} samples begins at sample ${first}; there are ${count} training samples.`,
    `Choose a batch from 0 to ${Math.max(last, 0)}, fewer samples per batch, or train on more samples.`,
  )
}

/** A copy of some samples in an engine, in the order of the indices; `freeData` frees it. */
export function gatherData(engine: Engine, { images, labels }: HostSamples, indices: Uint32Array, features: number, label = 'chosen'): ResidentData {
  const [chosen, classes] = [new Float32Array(indices.length * features), new Uint8Array(indices.length)]
  indices.forEach((sample, row) => {
    chosen.set(images.subarray(sample * features, (sample + 1) * features), row * features)
    classes[row] = labels[sample]
  })
  return uploadData(engine, chosen, classes, features, label)
}

/**
 * Indices cut into consecutive batches of equal size, so that the mean over batches is the mean over samples. Throws a
 * `LabError` when they cannot be cut so.
 */
export function equalBatches(indices: Uint32Array, batches: number): readonly Uint32Array[] {
  const size = indices.length / batches
  if (!Number.isInteger(batches) || batches < 1 || !Number.isInteger(size) || size < 1) {
    throw new LabError(
      'bad-settings',
      `${indices.length} samples cannot be cut into ${batches} batches of equal size.`,
      'Choose a number of batches that divides the number of samples.',
    )
  }
  return Array.from({ length: batches }, (_, i) => indices.subarray(i * size, (i + 1) * size))
}

function range(first: number, end: number): Uint32Array {
  return Uint32Array.from({ length: end - first }, (_, i) => first + i)
}
