import { zipSync } from 'fflate'
import { LabError } from '../../src/contracts/errors.ts'
import type { FileOutput } from '../../src/contracts/session.ts'
import { featureCount, type Dataset } from '../data/dataset.ts'
import type { Engine } from '../engine/engine.ts'
import { checkDirection, productCheck, pytorchBundle, type ExpectedAnalysis, type ExpectedEigenvalue } from '../interop/pytorch-bundle.ts'
import { freeData, uploadData } from '../networks/resident-data.ts'
import { selectParameters } from '../networks/selection.ts'
import { Curvature } from '../operators/curvature.ts'
import type { SpectrumArtifact } from './analysis-artifacts.ts'
import { exportedState, MODIFIED, type RunExport } from './export-run.ts'

/** Seed of the direction along which one product is compared. */
const DIRECTION_SEED = 1

/**
 * A zip with the network, the samples of its Hessian analysis and a script that repeats the analysis in PyTorch.
 * Throws a `LabError` when there is no Hessian analysis to repeat.
 */
export async function exportPytorch(run: RunExport, dataset: Dataset, engine: Engine): Promise<FileOutput> {
  const [artifact] = run.analyses?.of('spectrum') ?? []
  if (artifact === undefined) throw new LabError('not-ready', 'The PyTorch script repeats a Hessian analysis, and there is none yet.', 'Run the analyses first, with a Hessian among them.')
  const { network, experiment } = run
  const { samples: count } = artifact.result.provenance
  const samples = dataset.train.images.slice(0, count * featureCount(dataset))
  const labels = dataset.train.labels.slice(0, count)
  const state = exportedState(run)
  const expected = await expectedOf(run, artifact, { samples, labels, state }, engine)
  const files = pytorchBundle({ settings: experiment.network, network, state, samples, labels, expected })
  return { name: `hessian-lab-${experiment.preset}-pytorch.zip`, mime: 'application/zip', bytes: zipSync(files, { level: 6, mtime: MODIFIED }) }
}

interface Point {
  readonly samples: Float32Array
  readonly labels: Uint8Array
  readonly state: Float32Array
}

async function expectedOf(run: RunExport, { result }: SpectrumArtifact, { samples, labels, state }: Point, engine: Engine): Promise<ExpectedAnalysis> {
  const { network, experiment } = run
  const { decayed } = experiment.training
  const [weightDecay, batchNorm] = [result.twiceWeightDecay / 2, result.settings.batchNorm]
  const data = uploadData(engine, samples, labels, network.inputSize, 'samples of the export')
  const weights = engine.allocate('float', network.stateLength, 'state of the export')
  try {
    engine.write(weights, state)
    const selection = selectParameters(network, result.settings.selection)
    const curvature = await Curvature.create(engine, network, weights, data, selection, { matrix: 'hessian', weightDecay, decayed, batchNorm })
    try {
      await curvature.linearise()
      const product = new Float64Array(selection.size)
      await curvature.apply(checkDirection(selection.size, DIRECTION_SEED), product)
      return {
        selection: result.settings.selection,
        weightDecay,
        decayed,
        batchNorm,
        loss: result.loss,
        gradientNorm: result.gradientNorm,
        product: productCheck(DIRECTION_SEED, product),
        largest: eigenvaluesOf(result, 'largest'),
        smallest: eigenvaluesOf(result, 'smallest').reverse(),
      }
    } finally {
      curvature.dispose()
    }
  } finally {
    engine.free(weights)
    freeData(engine, data)
  }
}

function eigenvaluesOf(result: SpectrumArtifact['result'], end: 'largest' | 'smallest'): ExpectedEigenvalue[] {
  return Array.from(result.eigenvalues).flatMap((value, i) => (result.end[i] === end ? [{ value, residual: result.residuals[i], converged: result.converged[i] }] : []))
}
