import { loadDataset } from '../../workers/data/loader.ts'
import { nodeSource } from '../../workers/cli/node-source.ts'
import type { Samples } from './mlp50.ts'

/** The first training samples of the prepared MNIST. */
export async function openNodeData(count: number): Promise<Samples> {
  const { train } = await loadDataset({ name: 'mnist', trainSamples: count, testSamples: 1 }, nodeSource())
  return train
}
