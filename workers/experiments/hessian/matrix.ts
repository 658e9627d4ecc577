import { LabError } from '../../../src/contracts/errors.ts'
import type { CurvatureSettings } from '../../../src/contracts/experiment.ts'
import type { BufferHandle } from '../../engine/tensor.ts'
import { freeData, type ResidentData } from '../../networks/resident-data.ts'
import { gather, selectParameters, type SelectedParameters } from '../../networks/selection.ts'
import { float64Space } from '../../numerics/vector-space.ts'
import { chosenSamples, gatherData } from '../../operators/samples.ts'
import { interruptible, type MatrixDeps, type MatrixOperator } from '../deps.ts'

/** λ of the loss at a checkpoint, and the kernels that it acts on. */
export interface Decay {
  readonly weightDecay: number
  readonly decayed: 'kernels' | 'dense'
}

/** One matrix of curvature at one point of weight space, ready for products. */
export interface Matrix {
  readonly operator: MatrixOperator
  readonly selection: SelectedParameters
  readonly data: ResidentData
  readonly weights: BufferHandle
  /** The selected weights. */
  readonly w: Float64Array
  readonly loss: number
  readonly gradient: Float64Array
  readonly gradientNorm: number
  readonly twiceWeightDecay: number
}

/**
 * Works with the matrix that settings ask for, at a flat state of the network; frees everything afterwards.
 * @param indices training samples to take instead of those of the settings
 * Throws a `LabError` for impossible settings and for a network whose loss is no number.
 */
export async function withMatrix<T>(
  deps: MatrixDeps,
  state: Float32Array | Float64Array,
  settings: CurvatureSettings,
  decay: Decay,
  work: (matrix: Matrix) => Promise<T>,
  indices: Uint32Array | null = null,
): Promise<T> {
  const { engine, network, train, host, pacing } = deps
  const selection = selectParameters(network, settings.selection)
  if (selection.size === 0) throw new LabError('bad-settings', `The selection ${settings.selection} has no parameters.`, 'Choose a kernel, a bias or the whole network.')
  const chosen = indices ?? chosenSamples(host.labels, settings.part, settings.samples)
  const isLeading = indices === null && settings.part === 'first'
  const data = isLeading ? { ...train, samples: chosen.length } : gatherData(engine, host, chosen, train.features)
  const release: (() => void)[] = isLeading ? [] : [() => freeData(engine, data)]
  try {
    const weights = engine.allocate('float', network.stateLength, 'weights of the checkpoint')
    release.push(() => engine.free(weights))
    engine.write(weights, state)
    const weightDecay = settings.decayTerm ? decay.weightDecay : 0
    const { matrix, batchNorm } = settings
    const operator = await deps.openMatrix(weights, data, selection, { ...decay, weightDecay, matrix, batchNorm, rest: interruptible(pacing) })
    release.push(() => operator.dispose())
    const { loss, gradient } = await operator.linearise()
    const gradientNorm = float64Space.norm(gradient)
    refuseDiverged(loss, gradientNorm)
    return await work({ operator, selection, data, weights, w: gather(selection, state), loss, gradient, gradientNorm, twiceWeightDecay: 2 * weightDecay })
  } finally {
    for (const free of release.reverse()) free()
  }
}

/** One product with the matrix that settings ask for. */
export function productAt(
  deps: MatrixDeps,
  state: Float32Array | Float64Array,
  settings: CurvatureSettings,
  decay: Decay,
  x: Float64Array,
  indices: Uint32Array | null = null,
): Promise<Float64Array> {
  const work = async ({ operator }: Matrix): Promise<Float64Array> => {
    const y = new Float64Array(operator.size)
    await operator.apply(x, y)
    return y
  }
  return withMatrix(deps, state, settings, decay, work, indices)
}

function refuseDiverged(loss: number, gradientNorm: number): void {
  if (Number.isFinite(loss) && Number.isFinite(gradientNorm)) return
  throw new LabError(
    'not-finite',
    `At this checkpoint the loss is ${loss} and its gradient has length ${gradientNorm}: the network has diverged, and its curvature is not a number.`,
    'Look at an earlier checkpoint, or train again with a smaller learning rate.',
  )
}
