import type { ActivationFunction, CurvatureSettings } from '../../src/contracts/experiment.ts'
import { layersOf } from '../../src/contracts/layers.ts'
import type { Engine } from '../engine/engine.ts'
import { createReferenceEngine } from '../engine/reference/reference-engine.ts'
import type { InputShape } from '../networks/arrange.ts'
import { initialWeights } from '../networks/initialise.ts'
import { buildNetwork, type Network } from '../networks/network.ts'
import { uploadData } from '../networks/resident-data.ts'
import { createRandom } from '../numerics/random.ts'
import { Curvature } from '../operators/curvature.ts'
import type { HostSamples } from '../operators/samples.ts'
import type { MatrixDeps, Pacing } from './deps.ts'
import { withMatrix, type Decay, type Matrix } from './hessian/matrix.ts'
import { testPacing } from './test-pacing.ts'

/** A network at random weights with samples on an engine, for experiments on its curvature. */
export interface MatrixBench {
  readonly deps: MatrixDeps
  readonly network: Network
  readonly engine: Engine
  readonly state: Float32Array
}

export interface MatrixBenchOptions {
  readonly layers?: string
  readonly activation?: ActivationFunction
  readonly image?: InputShape
  readonly classes?: number
  readonly samples?: number
  readonly engine?: Engine
  readonly pacing?: Pacing
}

/** By default 5-6-4-3 with ReLU and 40 samples in float64; biases are not zero. */
export function matrixBench({
  layers = '6,4',
  activation = 'relu',
  image = [1, 1, 5],
  classes = 3,
  samples = 40,
  engine = createReferenceEngine(),
  pacing = testPacing(),
}: MatrixBenchOptions = {}): MatrixBench {
  const network = buildNetwork({ layers: layersOf(layers), activation, initialiser: 'glorotUniform' }, image, classes)
  const random = createRandom(11, 'matrix bench')
  const state = initialWeights(network, 'glorotUniform', 2).map((value) => value + 0.2 * random.normal())
  const images = Float32Array.from({ length: samples * network.inputSize }, () => random.normal())
  return { deps: depsFor(engine, network, { images, labels: Uint8Array.from({ length: samples }, () => random.integer(classes)) }, pacing), network, engine, state }
}

/** What experiments need of a network and its training samples. */
export function depsFor(engine: Engine, network: Network, host: HostSamples, pacing: Pacing = testPacing()): MatrixDeps {
  const train = uploadData(engine, host.images, host.labels, network.inputSize, 'training')
  return { engine, network, train, host, pacing, openMatrix: (weights, data, selection, options) => Curvature.create(engine, network, weights, data, selection, options) }
}

/** The Hessian over all samples, weight decay included, unless told otherwise. */
export const curvatureOf = (selection: string, more: Partial<CurvatureSettings> = {}): CurvatureSettings => ({
  selection,
  matrix: 'hessian',
  decayTerm: true,
  samples: 1000,
  part: 'first',
  batchNorm: 'inference',
  ...more,
})

export const NO_DECAY: Decay = { weightDecay: 0, decayed: 'kernels' }

/** The matrix column by column, [size, size]. */
export function columnsOf({ deps, state }: MatrixBench, settings: CurvatureSettings, decay: Decay = NO_DECAY, indices: Uint32Array | null = null): Promise<SquareMatrix> {
  const work = async ({ operator }: Matrix): Promise<SquareMatrix> => {
    const { size } = operator
    const values = new Float64Array(size * size)
    for (let j = 0; j < size; j++) await operator.apply(Float64Array.from({ length: size }, (_, i) => Number(i === j)), values.subarray(j * size, (j + 1) * size))
    return { values, size }
  }
  return withMatrix(deps, state, settings, decay, work, indices)
}

interface SquareMatrix {
  readonly values: Float64Array
  readonly size: number
}

export function traceOf({ values, size }: SquareMatrix): number {
  let trace = 0
  for (let i = 0; i < size; i++) trace += values[i * size + i]
  return trace
}
