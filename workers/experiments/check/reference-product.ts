import type { CheckItem } from '../../../src/contracts/results.ts'
import type { CurvatureSettings } from '../../../src/contracts/experiment.ts'
import { createReferenceEngine } from '../../engine/reference/reference-engine.ts'
import { Curvature } from '../../operators/curvature.ts'
import { chosenSamples } from '../../operators/samples.ts'
import { float64Space } from '../../numerics/vector-space.ts'
import type { MatrixDeps } from '../deps.ts'
import { productAt, type Decay } from '../hessian/matrix.ts'
import { checkItem } from './verdict.ts'

/** Multiplications that the plain loops of the judge may take for one forward pass: a second or so. */
const MOST_WORK = 1e8

/** Samples that the comparison is made on at most. */
const MOST_SAMPLES = 100

/** One product on a few samples, by the engine in use and by plain loops in float64. */
export async function referenceProduct(deps: MatrixDeps, state: Float32Array | Float64Array, settings: CurvatureSettings, decay: Decay, vector: Float64Array): Promise<CheckItem> {
  const { network, host } = deps
  const count = Math.max(2, Math.min(MOST_SAMPLES, Math.floor(MOST_WORK / network.multiplications)))
  const indices = chosenSamples(host.labels, settings.part, settings.samples).subarray(0, count)
  const engine = createReferenceEngine()
  const judge: MatrixDeps = { ...deps, engine, openMatrix: (weights, data, selection, options) => Curvature.create(engine, network, weights, data, selection, options) }
  const ours = await productAt(deps, state, settings, decay, vector, indices)
  const theirs = await productAt(judge, state, settings, decay, vector, indices)
  const difference = ours.map((entry, i) => entry - theirs[i])
  const value = float64Space.norm(difference) / Math.max(float64Space.norm(theirs), Number.MIN_VALUE)
  return checkItem('Reference in float64', `One product on ${indices.length} samples against plain loops in double precision: relative difference.`, value, 2e-5, 1e-3)
}
