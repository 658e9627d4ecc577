import { expect, test } from 'vitest'
import { experimentSchema } from '../contracts/experiment.ts'
import { presets } from '../contracts/presets.ts'
import { replicaExperiment, replicaOffsets } from './replica-experiment.ts'

const [{ experiment: base }] = presets
const experiment = { ...base, seeds: { initialisation: 7, shuffle: 1, probes: 4294967295, repeats: 4 } }

test('there are repeats − 1 further seeds', () => {
  expect(replicaOffsets(experiment)).toEqual([1, 2, 3])
  expect(replicaOffsets({ ...experiment, seeds: { ...experiment.seeds, repeats: 1 } })).toEqual([])
})

test('a further seed is the experiment of that seed by itself, on the same data', () => {
  const replica = replicaExperiment(experiment, 2)
  expect(replica).toEqual({ ...experiment, seeds: { initialisation: 9, shuffle: 3, probes: 1, repeats: 1 } })
  expect(experimentSchema.parse(replica)).toEqual(replica)
})
