import { LabError } from '../../src/contracts/errors.ts'
import { frameAt, type Engine, type Executable } from '../engine/engine.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import { allocateAll } from '../networks/allocate-all.ts'
import type { StatisticsMode } from '../networks/layer.ts'
import { hasBatchNorm, type Network } from '../networks/network.ts'
import type { ResidentData } from '../networks/resident-data.ts'
import { selectionName, type SelectedParameters } from '../networks/selection.ts'
import { blockRows, type Rest } from './blocks.ts'
import type { CurvatureMatrix } from './curvature-recording.ts'
import { factorRoute, recordFactors, unitLength, type FactorPlaces, type FactorRoute } from './dense-factors-recording.ts'
import { centredDirections, pairsOfColumns, pairsOfSquares } from './dense-pairs.ts'

export interface DenseFactorOptions {
  readonly matrix: CurvatureMatrix
  /** Statistics that batch norm uses: the running ones by default. Those of the samples mix them: refused. */
  readonly batchNorm?: StatisticsMode
}

/**
 * Gets the factors of consecutive samples: a_n [rows, inputs] row-major, in the engine's precision, and G_n(o, o′) with
 * o ≤ o′, row by row of the upper triangle, [rows, pairs] row-major.
 */
export type OnFactors = (inputs: Float32Array | Float64Array, pairs: Float64Array) => void | Promise<void>

/** Numbers that a block of samples may take. */
const MOST_NUMBERS = 8_000_000

/**
 * Whether the matrix of a selection has the structure of `DenseFactors`: kernel, bias or both of one dense layer, and
 * no batch norm that mixes samples.
 */
export function isKronecker(network: Network, selection: SelectedParameters, batchNorm: StatisticsMode = 'inference'): boolean {
  const [first] = selection.parameters
  const oneLayer = selection.parameters.every(({ kind, position, role }) => kind === 'dense' && position === first.position && (role === 'kernel' || role === 'bias'))
  return oneLayer && (batchNorm === 'inference' || !hasBatchNorm(network))
}

/**
 * The matrix of one dense layer z = aW + b as a sum over samples of Kronecker products: for entries (i, o) and (i′, o′)
 * of the selection, at i·out + o and i′·out + o′ of its compact vector,
 *
 *     H = Σ_n a_n,i a_n,i′ G_n,oo′
 *
 * with a_n the layer's input and G_n, which includes the 1/N of the mean, the curvature of the loss of sample n with
 * respect to z_n: ∂²ℓ/∂z² for the Hessian, Jᵀ(diag p − ppᵀ)J for Gauss–Newton and Fisher matrix, ggᵀ with g = ∂ℓ/∂z for
 * the empirical Fisher matrix (J = ∂logits/∂z). With the bias a constant 1 is the last entry of a_n; for the bias alone
 * it is the only one. Weight decay is left out: it adds 2λ on the diagonal of kernel entries.
 */
export class DenseFactors {
  /** Entries of a_n. */
  readonly inputs: number
  /** Units of the layer: rows and columns of G_n. */
  readonly outputs: number
  /** outputs·(outputs + 1)/2 */
  readonly pairs: number
  readonly samples: number

  private constructor(
    private readonly engine: Engine,
    private readonly route: FactorRoute,
    private readonly places: FactorPlaces,
    private readonly rows: number,
    private readonly plans: ReadonlyMap<number, Executable>,
    private readonly selected: { readonly kernel: boolean; readonly bias: boolean },
    samples: number,
  ) {
    this.inputs = (selected.kernel ? route.inputs : 0) + (selected.bias ? 1 : 0)
    this.outputs = route.outputs
    this.pairs = (route.outputs * (route.outputs + 1)) / 2
    this.samples = samples
  }

  /**
   * Compiles for the present weights' buffer; they are read when blocks run. Throws a `LabError` where the selection is
   * not within one dense layer, or batch norm mixes the samples.
   */
  static async create(
    engine: Engine,
    network: Network,
    weights: BufferHandle,
    data: ResidentData,
    selection: SelectedParameters,
    { matrix, batchNorm }: DenseFactorOptions,
  ): Promise<DenseFactors> {
    if (!isKronecker(network, selection, batchNorm)) throw notKronecker(selection)
    const route = factorRoute(network, selection.parameters[0], matrix)
    const rows = rowsPerBlock(engine, network, data.samples, route)
    const places = allocatePlaces(engine, network, route, rows)
    const plans = new Map<number, Executable>()
    try {
      for (const size of new Set([rows, data.samples % rows || rows])) {
        plans.set(size, await engine.compile(recordFactors(network, { weights, inputs: data.inputs, labels: data.labels }, places, route, size)))
      }
    } catch (error) {
      release(engine, plans, places)
      throw error
    }
    const has = (role: string): boolean => selection.parameters.some((parameter) => parameter.role === role)
    return new DenseFactors(engine, route, places, rows, plans, { kernel: has('kernel'), bias: has('bias') }, data.samples)
  }

  /** Hands the samples on block by block, in order, so that memory stays bounded; what `onBlock` or `rest` throw ends it. */
  async blocks(onBlock: OnFactors, rest?: Rest): Promise<void> {
    for (let first = 0; first < this.samples; first += this.rows) {
      const rows = Math.min(this.rows, this.samples - first)
      await this.plans.get(rows)?.run(frameAt(first), 1)
      await onBlock(await this.readInputs(rows), await this.readPairs(rows))
      await rest?.()
    }
  }

  dispose(): void {
    release(this.engine, this.plans, this.places)
  }

  private async readInputs(rows: number): Promise<Float32Array | Float64Array> {
    const { inputs: width } = this
    const own = this.route.inputs
    const layer = await this.engine.read(this.places.layerInputs, 0, rows * own)
    if (!this.selected.bias) return layer
    const extended = layer instanceof Float32Array ? new Float32Array(rows * width) : new Float64Array(rows * width)
    extended.fill(1)
    if (this.selected.kernel) for (let r = 0; r < rows; r++) extended.set(layer.subarray(r * own, (r + 1) * own), r * width)
    return extended
  }

  private async readPairs(rows: number): Promise<Float64Array> {
    const { engine, places, outputs, samples, route } = this
    const shape = { rows, outputs, samples }
    const directions: (Float32Array | Float64Array)[] = []
    for (const place of places.directions) directions.push(await engine.read(place, 0, rows * outputs))
    if (route.kind === 'columns') return pairsOfColumns(directions, shape)
    if (route.kind === 'gradient') return pairsOfSquares(directions, shape)
    const probabilities = await engine.read(places.probabilities, 0, rows * route.passes)
    return pairsOfSquares(centredDirections(directions, probabilities, shape), shape)
  }
}

function rowsPerBlock(engine: Engine, network: Network, samples: number, { outputs, passes, activationsBehind }: FactorRoute): number {
  const perSample = (outputs * (outputs + 1)) / 2 + passes * (outputs + 4 * activationsBehind)
  return Math.max(1, Math.min(samples, blockRows(engine, network), Math.floor(MOST_NUMBERS / perSample)))
}

function allocatePlaces(engine: Engine, network: Network, route: FactorRoute, rows: number): FactorPlaces {
  const length = unitLength(network, route)
  const [units, layerInputs, probabilities, ...directions] = allocateAll(engine, [
    ['float', length * length, 'unit vectors'],
    ['float', rows * route.inputs, 'layer inputs'],
    ['float', rows * network.classes, 'probabilities'],
    ...Array.from({ length: route.passes }, (_, i) => ['float', rows * route.outputs, `direction ${i}`] as const),
  ])
  engine.write(units, Float32Array.from({ length: length * length }, (_, i) => Number(i % (length + 1) === 0)))
  return { units, layerInputs, probabilities, directions }
}

function release(engine: Engine, plans: ReadonlyMap<number, Executable>, { units, layerInputs, probabilities, directions }: FactorPlaces): void {
  for (const plan of plans.values()) plan.dispose()
  for (const buffer of [units, layerInputs, probabilities, ...directions]) engine.free(buffer)
}

function notKronecker(selection: SelectedParameters): LabError {
  return new LabError(
    'bad-settings',
    `The matrix of ${selection.parameters.map(selectionName).join('+')} is no sum of Kronecker products: that needs one dense layer, and samples that batch norm does not mix.`,
    'Select kernel, bias or both of one dense layer with the statistics gathered in training, or build the matrix from products.',
  )
}
