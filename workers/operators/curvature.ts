import { LabError } from '../../src/contracts/errors.ts'
import { frameAt, type Engine, type Executable } from '../engine/engine.ts'
import { Recorder } from '../engine/recorder.ts'
import { sizeOf, type BufferHandle, type Tensor } from '../engine/tensor.ts'
import { allocateAll } from '../networks/allocate-all.ts'
import type { StatisticsMode } from '../networks/layer.ts'
import { hasBatchNorm, isDecayed, type Network, type Parameter } from '../networks/network.ts'
import { backwardPass, backwardTangentPass, forwardPass, forwardTangentPass, type BackwardTape, type LinearisationPoint, type Tape } from '../networks/passes.ts'
import { gather, type SelectedParameters } from '../networks/selection.ts'
import type { LinearOperator } from '../numerics/linear-operator.ts'
import { blockRows, compileBlocks, type BlockPlan, type Rest } from './blocks.ts'
import { networkTensors } from '../networks/parameters.ts'
import type { ResidentData } from '../networks/resident-data.ts'

export interface CurvatureOptions {
  readonly matrix: 'hessian' | 'gaussNewton'
  /** λ of λ‖W‖² on kernels: adds 2λ on their entries, never on biases. */
  readonly weightDecay: number
  /** The kernels that weight decay acts on; all of them by default. */
  readonly decayed?: 'kernels' | 'dense'
  /** Statistics that batch norm uses: the running ones by default, or those of the samples, all in one block. */
  readonly batchNorm?: StatisticsMode
  /** Called between blocks of samples; what it throws ends the product. */
  readonly rest?: Rest
}

/** Bytes of kept activations and gradients above which every product computes them anew. */
const RESIDENT_BYTES = 1024 ** 3

/** Bytes that one block may take. */
const BLOCK_BYTES = 2 * 1024 ** 3

/** Forward and backward pass with their tangents hold about so many numbers per activation. */
const NUMBERS_PER_ACTIVATION = 6

/**
 * The Hessian (or Gauss–Newton matrix) of the mean loss over resident samples, restricted to a selection, as an
 * exact matrix-free operator. The network is linearised once (forward and backward pass, activations kept); every
 * product then costs one forward and one backward tangent pass (Pearlmutter 1994), about one gradient. Where the
 * activations of all samples would take more than a gigabyte, every product linearises block by block instead, at
 * about twice the cost.
 */
export class Curvature implements LinearOperator {
  readonly size: number
  readonly symmetric = true
  readonly positiveSemidefinite: boolean
  private readonly tangent: BufferHandle
  private readonly product: BufferHandle
  private readonly resident: BufferHandle[] = []
  private linearisation: BlockPlan | null = null
  private products: BlockPlan | null = null
  private prologue: Executable | null = null
  private readonly losses: BufferHandle

  private constructor(
    private readonly engine: Engine,
    private readonly network: Network,
    private readonly weights: BufferHandle,
    private readonly data: ResidentData,
    private readonly selection: SelectedParameters,
    private readonly options: CurvatureOptions,
  ) {
    this.size = selection.size
    this.positiveSemidefinite = options.matrix === 'gaussNewton'
    const buffers = allocateAll(engine, [
      ['float', network.parameterCount, 'tangent'],
      ['float', network.parameterCount, 'product'],
      ['float', data.samples, 'row losses'],
    ])
    ;[this.tangent, this.product, this.losses] = buffers
  }

  /** Compiles the plans; call `linearise` before the first product and whenever the weights change. */
  static async create(
    engine: Engine,
    network: Network,
    weights: BufferHandle,
    data: ResidentData,
    selection: SelectedParameters,
    options: CurvatureOptions,
  ): Promise<Curvature> {
    const curvature = new Curvature(engine, network, weights, data, selection, options)
    try {
      await curvature.compile()
    } catch (error) {
      curvature.dispose()
      throw error
    }
    return curvature
  }

  /**
   * Runs the forward and backward pass at the present weights. Returns the loss (with the weight-decay term) and the
   * gradient over the selection [size].
   */
  async linearise(): Promise<{ readonly loss: number; readonly gradient: Float64Array }> {
    const weights = await this.engine.read(this.weights, 0, this.network.parameterCount)
    await this.setProduct(weights)
    await this.linearisation?.sweep(this.options.rest)
    const gradient = gather(this.selection, await this.engine.read(this.product))
    const losses = await this.engine.read(this.losses)
    let entropy = 0
    for (const loss of losses) entropy += loss
    return { loss: entropy / this.data.samples + this.options.weightDecay * this.kernelSquares(weights), gradient }
  }

  /** y ← A·x over the selection, both [size]. */
  async apply(x: Float64Array, y: Float64Array): Promise<void> {
    await this.setProduct(this.scatter(x))
    await this.products?.sweep(this.options.rest)
    y.set(gather(this.selection, await this.engine.read(this.product)))
  }

  dispose(): void {
    this.linearisation?.dispose()
    this.products?.dispose()
    this.prologue?.dispose()
    for (const buffer of [this.tangent, this.product, this.losses, ...this.resident]) this.engine.free(buffer)
  }

  /** product ← 2λ·v on selected kernels, 0 elsewhere, with v written to the tangent buffer. */
  private async setProduct(v: Float32Array | Float64Array): Promise<void> {
    this.engine.write(this.tangent, v)
    await this.prologue?.run(frameAt(0), 1)
  }

  private async compile(): Promise<void> {
    this.prologue = await this.engine.compile(this.recordPrologue())
    const places = new Map<number, Place>()
    const recordings = new Map<number, { linearise: Recorder; product: Recorder }>()
    const both = (rows: number): { linearise: Recorder; product: Recorder } => {
      const known = recordings.get(rows)
      if (known) return known
      const made = this.record(rows, places)
      recordings.set(rows, made)
      return made
    }
    const { samples } = this.data
    const rows = this.blockRows()
    this.linearisation = await compileBlocks(this.engine, samples, rows, (block) => both(block).linearise.finish())
    this.products = await compileBlocks(this.engine, samples, rows, (block) => both(block).product.finish())
  }

  private recordPrologue(): ReturnType<Recorder['finish']> {
    const ops = new Recorder('weight-decay term', 1)
    for (const parameter of this.selection.parameters) {
      const { offset, size } = parameter
      const v = ops.fixed(this.tangent, offset, [size])
      ops.store(ops.scale(v, this.decays(parameter) ? 2 * this.options.weightDecay : 0), ops.fixed(this.product, offset, [size]), 'assign')
    }
    return ops.finish()
  }

  /** Records linearisation and product together: what the product asks for is what the linearisation keeps. */
  private record(rows: number, places: Map<number, Place>): { linearise: Recorder; product: Recorder } {
    const linearise = new Recorder('linearise', rows)
    const point = this.recordLinearisation(linearise)
    this.accumulate(linearise, point.backward.gradients)
    const product = new Recorder('product', rows)
    if (this.keepsActivations()) this.recordProduct(product, point, this.recaller(linearise, product, places))
    else this.recordProduct(product, this.recordLinearisation(product), (tensor) => tensor)
    return { linearise, product }
  }

  private recordLinearisation(ops: Recorder): Linearised {
    const tensors = networkTensors(ops, this.network, this.weights)
    const tape = forwardPass(ops, this.network, tensors, ops.sampleRows(this.data.inputs, [this.data.features]), this.options.batchNorm ?? 'inference')
    const readings = { rowLoss: ops.sampleRows(this.losses, [1]), rowCorrect: null }
    const { gradient, probabilities } = ops.softmaxCrossEntropy(tape.logits, ops.sampleRows(this.data.labels, [1]), 1 / this.data.samples, readings)
    const backward = backwardPass(ops, this.network, tensors, tape, gradient, (parameter) => this.selects(parameter))
    return { tape, backward, probabilities }
  }

  private recordProduct(ops: Recorder, { tape, backward, probabilities }: Linearised, recall: (tensor: Tensor) => Tensor): void {
    const tensors = networkTensors(ops, this.network, this.weights)
    const tangents = this.network.parameters.map((parameter) => (this.selects(parameter) ? ops.fixed(this.tangent, parameter.offset, parameter.shape) : null))
    const point = linearisationPoint(tape, backward, recall, this.options.matrix)
    const forward = forwardTangentPass(ops, this.network, tensors, tangents, point)
    const logitTangent = forward.logits && ops.softmaxTangent(recall(probabilities), forward.logits, 1 / this.data.samples)
    const selects = (parameter: Parameter): boolean => this.selects(parameter)
    this.accumulate(ops, backwardTangentPass(ops, this.network, tensors, tangents, forward.inputTangents, logitTangent, point, selects))
  }

  private selects(parameter: Parameter): boolean {
    return this.selection.parameters.some(({ name }) => name === parameter.name)
  }

  private decays(parameter: Parameter): boolean {
    return isDecayed(parameter, this.options.decayed ?? 'kernels')
  }

  private keepsActivations(): boolean {
    return 2 * 4 * this.network.activationsPerSample * this.data.samples <= RESIDENT_BYTES
  }

  /** Statistics of the samples need all of them in one block. */
  private blockRows(): number {
    const { engine, network, data, options } = this
    if (options.batchNorm !== 'training' || !hasBatchNorm(network)) return blockRows(engine, network)
    const perSample = NUMBERS_PER_ACTIVATION * 4 * network.activationsPerSample
    if (perSample * data.samples <= BLOCK_BYTES) return data.samples
    throw new LabError(
      'out-of-memory',
      `Batch norm by the statistics of ${data.samples} samples needs them all at once, about ${Math.round((perSample * data.samples) / 1e6)} MB; the limit is ${Math.round(BLOCK_BYTES / 1e6)} MB.`,
      `Use at most ${Math.floor(BLOCK_BYTES / perSample)} samples, or the statistics gathered in training.`,
    )
  }

  private accumulate(ops: Recorder, values: readonly (Tensor | null)[]): void {
    values.forEach((value, i) => {
      const { offset, shape } = this.network.parameters[i]
      if (value !== null) ops.store(value, ops.fixed(this.product, offset, shape), 'accumulate')
    })
  }

  /** Makes a value of the linearisation readable in the product, keeping it for all samples when it is a temporary. */
  private recaller(linearise: Recorder, product: Recorder, places: Map<number, Place>): (tensor: Tensor) => Tensor {
    const recalled = new Map<number, Tensor>()
    return (tensor) => {
      const known = recalled.get(tensor.id)
      if (known) return product.reshape(known, tensor.shape)
      const kept = tensor.location === null ? linearise.keep(tensor, this.placeFor(linearise, tensor, places)) : tensor
      const adopted = product.reshape(product.adopt(kept), tensor.shape)
      recalled.set(tensor.id, adopted)
      return adopted
    }
  }

  /**
   * Storage for one value of every sample, or of every channel; the recordings of full and remainder blocks share it
   * (tensor ids agree).
   */
  private placeFor(ops: Recorder, tensor: Tensor, places: Map<number, Place>): Tensor {
    const perSample = tensor.shape[0] === ops.rows
    const known = places.get(tensor.id) ?? { perSample, buffer: this.allocateKept(tensor, perSample) }
    places.set(tensor.id, known)
    return known.perSample ? ops.sampleRows(known.buffer, tensor.shape.slice(1)) : ops.fixed(known.buffer, 0, tensor.shape)
  }

  private allocateKept(tensor: Tensor, perSample: boolean): BufferHandle {
    const length = perSample ? this.data.samples * sizeOf(tensor.shape.slice(1)) : sizeOf(tensor.shape)
    const buffer = this.engine.allocate('float', length, `linearisation ${tensor.id}`)
    this.resident.push(buffer)
    return buffer
  }

  private kernelSquares(weights: Float32Array | Float64Array): number {
    let sum = 0
    for (const parameter of this.network.parameters) {
      const { offset, size } = parameter
      if (this.decays(parameter)) for (let i = offset; i < offset + size; i++) sum += weights[i] * weights[i]
    }
    return sum
  }

  private scatter(x: Float64Array): Float64Array {
    const flat = new Float64Array(this.network.parameterCount)
    let at = 0
    for (const { offset, size } of this.selection.parameters) {
      flat.set(x.subarray(at, at + size), offset)
      at += size
    }
    return flat
  }
}

/** Where a value of the linearisation is kept. */
interface Place {
  readonly buffer: BufferHandle
  readonly perSample: boolean
}

interface Linearised {
  readonly tape: Tape
  readonly backward: BackwardTape
  readonly probabilities: Tensor
}

function linearisationPoint(tape: Tape, backward: BackwardTape, recall: (tensor: Tensor) => Tensor, matrix: CurvatureOptions['matrix']): LinearisationPoint {
  return {
    mode: tape.mode,
    saved: (position: number) => (index: number) => recall(tape.saved[position][index]),
    outputGradient: (position: number) => {
      const gradient = backward.outputGradients[position]
      return matrix === 'hessian' && gradient !== null ? () => recall(gradient) : null
    },
  }
}
