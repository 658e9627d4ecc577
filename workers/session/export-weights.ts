import type { FileOutput, WeightsFormat } from '../../src/contracts/session.ts'
import type { Dataset } from '../data/dataset.ts'
import type { Engine } from '../engine/engine.ts'
import { exportedState, type RunExport } from './export-run.ts'

/** The weights that were analysed (the last ones without an analysis) in a format of another program. */
export async function exportWeights(format: WeightsFormat, run: RunExport, dataset: Dataset, engine: Engine): Promise<FileOutput> {
  const { network, experiment } = run
  if (format === 'pytorch') {
    const { exportPytorch } = await import('./export-pytorch.ts')
    return exportPytorch(run, dataset, engine)
  }
  const { writeWeights } = await import('../interop/write-weights.ts')
  return writeWeights(format, network, experiment.network, exportedState(run))
}
