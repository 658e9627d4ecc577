import type { DatasetSettings } from '../../src/contracts/experiment.ts'
import { LabError } from '../../src/contracts/errors.ts'
import type { LabEvent } from '../../src/contracts/session.ts'
import type { Dataset } from '../data/dataset.ts'
import { deriveDataset, type Draws } from '../data/derive.ts'
import { loadDataset } from '../data/loader.ts'
import { samplesNeeded } from '../data/samples-needed.ts'
import type { ByteSource } from '../data/source.ts'
import { syntheticDataset } from '../data/synthetic/synthetic.ts'
import { createRandom } from '../numerics/random.ts'

/** The data set of an experiment: loaded, made from its seed, or the user's own one; with its classes, size and noise. */
export async function loadData(
  settings: DatasetSettings,
  own: Dataset | null,
  source: ByteSource,
  emit: (event: LabEvent) => void,
  signal: AbortSignal,
): Promise<Dataset> {
  const { classes, trainSamples, testSamples, labelNoise, seed: noiseSeed } = settings
  const whole = await wholeDataset(settings, own, source, emit, signal)
  return deriveDataset(whole, { classes, trainSamples, testSamples, labelNoise, noiseSeed }, noiseDraws(noiseSeed))
}

async function wholeDataset(settings: DatasetSettings, own: Dataset | null, source: ByteSource, emit: (event: LabEvent) => void, signal: AbortSignal): Promise<Dataset> {
  const { name, classes, trainSamples, testSamples, seed } = settings
  switch (name) {
    case 'own':
      if (own !== null) return own
      throw new LabError('bad-data', 'This experiment was made with somebody’s own data, which a link cannot carry.', 'Drop the same files here, or choose another data set.')
    case 'mnist':
    case 'cifar10': {
      const wanted = await samplesNeeded(source, name, classes, { trainSamples, testSamples }, signal)
      return loadDataset({ name, ...wanted }, source, progressOf(name === 'mnist' ? 'MNIST' : 'CIFAR-10', emit), signal)
    }
    default: {
      // Enough to choose classes from; the first samples do not depend on how many are drawn.
      const factor = classes === null ? 1 : MOST_CLASSES
      const request = { name, trainSamples: factor * trainSamples, testSamples: factor * testSamples, seed }
      return syntheticDataset(request, (stream) => createRandom(seed, `data/${stream}`))
    }
  }
}

/** Classes that a synthetic set has at most. */
const MOST_CLASSES = 10

function progressOf(title: string, emit: (event: LabEvent) => void) {
  return ({ bytes, totalBytes }: { readonly bytes: number; readonly totalBytes: number }): void => {
    const what = `Loading ${title}: ${(bytes / 1e6).toFixed(1)} of ${(totalBytes / 1e6).toFixed(1)} MB`
    emit({ type: 'progress', progress: { stage: 'data', what, step: bytes, of: totalBytes, secondsLeft: null } })
  }
}

function noiseDraws(seed: number): Draws {
  const random = createRandom(seed, 'label noise')
  return { permutation: (n) => random.permutation(n), below: (n) => Math.floor(random.uniform() * n) }
}
