import { LabError } from '../../src/contracts/errors.ts'
import { frameAt, type Engine, type Executable } from '../engine/engine.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import { allocateAll } from '../networks/allocate-all.ts'
import { hasBatchNorm, type Network } from '../networks/network.ts'
import type { ResidentData } from '../networks/resident-data.ts'
import { gather, scatter, type SelectedParameters } from '../networks/selection.ts'
import type { LinearOperator } from '../numerics/linear-operator.ts'
import { splitInputs } from './background.ts'
import { blockRows, compileBlocks, type BlockPlan } from './blocks.ts'
import { CurvatureRecorder, decayLoss, type CurvatureBuffers, type CurvatureOptions, type CurvatureSubject } from './curvature-recording.ts'

export type { CurvatureMatrix, CurvatureOptions } from './curvature-recording.ts'

/** Loss (with the weight-decay term) and its gradient over the selection [size]. */
export interface Linearisation {
  readonly loss: number
  readonly gradient: Float64Array
}

/** A curvature matrix whose products follow the weights. */
export interface CurvatureOperator extends LinearOperator {
  readonly positiveSemidefinite: boolean
  /** Runs the forward and backward pass at the present weights: before the first product, and whenever they change. */
  linearise(): Promise<Linearisation>
  /** y ← A·x over the selection, both [size]. */
  apply(x: Float64Array, y: Float64Array): Promise<void>
  dispose(): void
}

/** Bytes that one block may take. */
const BLOCK_BYTES = 2 * 1024 ** 3

/** Forward and backward pass with their tangents hold about so many numbers per activation. */
const NUMBERS_PER_ACTIVATION = 6

/**
 * The Hessian, Gauss–Newton, Fisher or empirical Fisher matrix of the mean loss over resident samples, restricted to a
 * selection, as an exact matrix-free operator. The network is linearised once (forward and backward pass, activations
 * kept); every product then costs one forward and one backward tangent pass (Pearlmutter 1994; Schraudolph 2002 for
 * the others), about one gradient. Where the activations of all samples would take more than a gigabyte, every product
 * linearises block by block instead, at about twice the cost.
 */
export class Curvature implements CurvatureOperator {
  readonly size: number
  readonly symmetric = true
  readonly positiveSemidefinite: boolean
  private readonly subject: CurvatureSubject
  private buffers: CurvatureBuffers<BufferHandle>
  private readonly kept: BufferHandle[] = []
  private linearisation: BlockPlan | null = null
  private products: BlockPlan | null = null
  private prologue: Executable | null = null

  private constructor(
    private readonly engine: Engine,
    weights: BufferHandle,
    private readonly data: ResidentData,
    subject: CurvatureSubject,
  ) {
    const { network, selection, options, samples } = subject
    this.subject = subject
    this.size = selection.size
    this.positiveSemidefinite = options.matrix !== 'hessian'
    const [tangent, product, losses] = allocateAll(engine, [
      ['float', network.parameterCount, 'tangent'],
      ['float', network.parameterCount, 'product'],
      ['float', samples, 'row losses'],
    ])
    this.buffers = { weights, inputs: data.inputs, background: null, labels: data.labels, losses, tangent, product }
  }

  /**
   * Compiles the plans; call `linearise` before the first product and whenever the weights change. Throws a `LabError`
   * for the empirical Fisher matrix where batch norm couples the samples.
   */
  static async create(
    engine: Engine,
    network: Network,
    weights: BufferHandle,
    data: ResidentData,
    selection: SelectedParameters,
    options: CurvatureOptions,
  ): Promise<Curvature> {
    const curvature = new Curvature(engine, weights, data, { network, selection, options, samples: data.samples })
    try {
      await curvature.splitInputs()
      await curvature.compile()
    } catch (error) {
      curvature.dispose()
      throw error
    }
    return curvature
  }

  async linearise(): Promise<Linearisation> {
    const { network, selection, samples, options } = this.subject
    const weights = await this.engine.read(this.buffers.weights, 0, network.parameterCount)
    await this.setProduct(weights)
    await this.linearisation?.sweep(options.rest)
    const gradient = gather(selection, await this.engine.read(this.buffers.product))
    const losses = await this.engine.read(this.buffers.losses)
    let entropy = 0
    for (const loss of losses) entropy += loss
    return { loss: entropy / samples + decayLoss(this.subject, weights), gradient }
  }

  async apply(x: Float64Array, y: Float64Array): Promise<void> {
    const { network, selection, options } = this.subject
    await this.setProduct(scatter(selection, x, new Float64Array(network.parameterCount)))
    await this.products?.sweep(options.rest)
    y.set(gather(selection, await this.engine.read(this.buffers.product)))
  }

  dispose(): void {
    this.linearisation?.dispose()
    this.products?.dispose()
    this.prologue?.dispose()
    const { tangent, product, losses } = this.buffers
    for (const buffer of [tangent, product, losses, ...this.kept]) this.engine.free(buffer)
  }

  /** product ← 2λ·v on selected kernels, 0 elsewhere, with v written to the tangent buffer. */
  private async setProduct(v: Float32Array | Float64Array): Promise<void> {
    this.engine.write(this.buffers.tangent, v)
    await this.prologue?.run(frameAt(0), 1)
  }

  /** Reads the inputs from where their zeros can be left out, if they have as many. */
  private async splitInputs(): Promise<void> {
    const { network, selection } = this.subject
    const split = await splitInputs(this.engine, network, this.data, selection)
    if (split === null) return
    this.kept.push(split.inputs, split.background)
    this.buffers = { ...this.buffers, ...split }
  }

  private async compile(): Promise<void> {
    const { engine, subject, buffers } = this
    const { samples } = subject
    const recorder = new CurvatureRecorder(subject, buffers, samples, (length, label) => {
      const buffer = engine.allocate('float', length, label)
      this.kept.push(buffer)
      return buffer
    })
    this.prologue = await engine.compile(recorder.prologue())
    const rows = curvatureBlockRows(engine, subject)
    this.linearisation = await compileBlocks(engine, samples, rows, (block) => recorder.of(block).linearise)
    this.products = await compileBlocks(engine, samples, rows, (block) => recorder.of(block).product)
  }
}

/** Samples per block; statistics of the samples need all of them in one. */
export function curvatureBlockRows(engine: Engine, { network, samples, options }: CurvatureSubject): number {
  if (options.batchNorm !== 'training' || !hasBatchNorm(network)) return blockRows(engine, network)
  const perSample = NUMBERS_PER_ACTIVATION * 4 * network.activationsPerSample
  if (perSample * samples <= BLOCK_BYTES) return samples
  throw new LabError(
    'out-of-memory',
    `Batch norm by the statistics of ${samples} samples needs them all at once, about ${Math.round((perSample * samples) / 1e6)} MB; the limit is ${Math.round(BLOCK_BYTES / 1e6)} MB.`,
    `Use at most ${Math.floor(BLOCK_BYTES / perSample)} samples, or the statistics gathered in training.`,
  )
}
