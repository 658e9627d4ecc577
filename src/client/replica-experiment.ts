import type { Experiment } from '../contracts/experiment.ts'

/** Seeds are unsigned 32-bit numbers; those raised beyond begin again at 0. */
const SEEDS = 2 ** 32

/** Seeds of the further runs of an experiment, by how much they are raised: 1 … repeats − 1. */
export function replicaOffsets({ seeds }: Experiment): readonly number[] {
  return Array.from({ length: seeds.repeats - 1 }, (_, i) => i + 1)
}

/**
 * The experiment with the seeds of initial weights, shuffling and probes raised, by itself. The data, which have a seed
 * of their own, stay the same: what spreads is what chance does to a network on these data.
 */
export function replicaExperiment(experiment: Experiment, offset: number): Experiment {
  const raised = (seed: number): number => (seed + offset) % SEEDS
  const { initialisation, shuffle, probes } = experiment.seeds
  return { ...experiment, seeds: { initialisation: raised(initialisation), shuffle: raised(shuffle), probes: raised(probes), repeats: 1 } }
}
