import type { Experiment, HessianAnalysis } from '../../contracts/experiment.ts'
import { formatCount } from '../format/number.ts'
import { OPTIMISERS } from './optimisers.ts'

/** Rates above these have a meaning, but seldom a happy end. */
const BOLD_RATE = 1
const BOLD_ADAPTIVE_RATE = 0.1

/** What to think about in the training settings; nothing here is forbidden. */
export function trainingWarnings({ training, dataset }: Pick<Experiment, 'training' | 'dataset'>): readonly string[] {
  const { epochs, learningRate, warmup, batchSize, optimiser } = training
  if (epochs === 0) return []
  const adaptive = OPTIMISERS[optimiser].secondMomentum !== null
  const warnings = [
    learningRate > (adaptive ? BOLD_ADAPTIVE_RATE : BOLD_RATE) ? 'Rates this large usually make the loss diverge; training then stops and says so.' : null,
    warmup >= epochs ? 'Warm-up lasts as long as training: the rate never reaches its schedule.' : null,
    batchSize >= dataset.trainSamples ? `One batch holds all ${formatCount(dataset.trainSamples)} training samples: there is no noise of mini-batches.` : null,
  ]
  return warnings.filter((warning) => warning !== null)
}

/** Whether the asked eigenpairs exist and can be found; null where they do and can. */
export function eigenpairsWarning({ largest, smallest, maxProducts }: Pick<HessianAnalysis, 'largest' | 'smallest' | 'maxProducts'>, dimension: number | null): string | null {
  const asked = largest + smallest
  const pairs = Math.min(asked, dimension ?? asked)
  if (pairs > maxProducts) return `${formatCount(pairs)} eigenpairs need at least as many products: allow ${formatCount(pairs)} or more.`
  return pairs < asked ? `These weights have ${formatCount(pairs)} eigenpairs; more are not there to be found.` : null
}
