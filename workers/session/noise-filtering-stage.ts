import { LabError } from '../../src/contracts/errors.ts'
import type { NoiseFilteringAnalysis } from '../../src/contracts/experiment.ts'
import type { NoiseFilteringResult } from '../../src/contracts/results.ts'
import { restful } from '../experiments/deps.ts'
import { filterNoise, kernelsIn, type FilterBench } from '../experiments/singular-values/noise-filtering.ts'
import { selectParameters } from '../networks/selection.ts'
import type { PlainArtifact } from './analysis-artifacts.ts'
import { progressReporter, storeArtifact, storedArtifact, type AnalysisContext } from './analysis-context.ts'

type FilteringArtifact = PlainArtifact<NoiseFilteringResult>

/** Loss and accuracy without the smallest singular values; null when stopped. */
export async function runNoiseFiltering(context: AnalysisContext, index: number, settings: NoiseFilteringAnalysis): Promise<FilteringArtifact | null> {
  const known = await storedArtifact<FilteringArtifact>(context, settings, index)
  if (known !== null) return known
  const { bench, experiment, state, pacing, emit } = context
  const start = pacing.now()
  const kernels = kernelsIn(selectParameters(bench.network, settings.selection), context.kernels())
  if (kernels.length === 0) throw new LabError('bad-settings', `The selection ${settings.selection} has no kernel to filter.`, 'Choose a kernel or the whole network.')
  const onProgress = progressReporter(emit, 'analyses', pacing)
  const found = await withReadings(context, (readings) =>
    filterNoise(readings, state.weights, kernels, settings.points, pacing, (step, of) => onProgress({ what: `Noise filtering: point ${step} of ${of}`, step, of })),
  )
  if (found === null) return null
  const provenance = context.provenance(bench.train.samples, experiment.seeds.probes, (pacing.now() - start) / 1000)
  const artifact = { result: { kind: 'noiseFiltering' as const, analysis: index, settings, ...found, labelNoise: experiment.dataset.labelNoise, provenance } }
  await storeArtifact(context, settings, artifact)
  return artifact
}

/** Evaluations on all training and test samples at weights of their own. */
async function withReadings<T>({ bench, pacing }: AnalysisContext, work: (readings: FilterBench) => Promise<T>): Promise<T> {
  const { engine, network } = bench
  const weights = engine.allocate('float', network.stateLength, 'filtered weights')
  const release: (() => void)[] = [() => engine.free(weights)]
  try {
    const train = await bench.openReading(weights, 'train')
    release.push(() => train.dispose())
    const test = await bench.openReading(weights, 'test')
    release.push(() => test.dispose())
    const rest = restful(pacing)
    const read = async (): ReturnType<FilterBench['read']> => {
      const [a, b] = [await train.evaluate(rest), await test.evaluate(rest)]
      return { trainLoss: a.loss, trainAccuracy: a.accuracy, testLoss: b.loss, testAccuracy: b.accuracy }
    }
    return await work({ engine, weights, read })
  } finally {
    for (const free of release.reverse()) free()
  }
}
