import { frameAt, type Engine, type Executable } from '../engine/engine.ts'
import { Recorder } from '../engine/recorder.ts'
import { sizeOf, type BufferHandle, type Tensor } from '../engine/tensor.ts'
import { allocateAll } from '../networks/allocate-all.ts'
import type { Network, Parameter } from '../networks/network.ts'
import { backwardPass, backwardTangentPass, forwardPass, forwardTangentPass, type BackwardTape, type Tape } from '../networks/passes.ts'
import { gather, type SelectedParameters } from '../networks/selection.ts'
import type { LinearOperator } from '../numerics/linear-operator.ts'
import { compileBlocks, type BlockPlan, type Rest } from './blocks.ts'
import { parameterTensors } from '../networks/parameters.ts'
import type { ResidentData } from '../networks/resident-data.ts'

export interface CurvatureOptions {
  readonly matrix: 'hessian' | 'gaussNewton'
  /** λ of λ‖W‖² on kernels: adds 2λ on their entries, never on biases. */
  readonly weightDecay: number
  /** Called between blocks of samples; what it throws ends the product. */
  readonly rest?: Rest
}

/**
 * The Hessian (or Gauss–Newton matrix) of the mean loss over resident samples, restricted to a selection, as an
 * exact matrix-free operator. The network is linearised once (forward and backward pass, activations kept); every
 * product then costs one forward and one backward tangent pass (Pearlmutter 1994), about one gradient.
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
    const weights = await this.engine.read(this.weights)
    await this.setProduct(weights)
    await this.linearisation?.sweep(this.options.rest)
    const gradient = gather(this.selection, await this.engine.read(this.product))
    const losses = await this.engine.read(this.losses)
    let entropy = 0
    for (const loss of losses) entropy += loss
    return { loss: entropy / this.data.samples + this.options.weightDecay * kernelSquares(this.network, weights), gradient }
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
    const places = new Map<number, BufferHandle>()
    const recordings = new Map<number, { linearise: Recorder; product: Recorder }>()
    const both = (rows: number): { linearise: Recorder; product: Recorder } => {
      const known = recordings.get(rows)
      if (known) return known
      const made = this.record(rows, places)
      recordings.set(rows, made)
      return made
    }
    this.linearisation = await compileBlocks(this.engine, this.data.samples, (rows) => both(rows).linearise.finish())
    this.products = await compileBlocks(this.engine, this.data.samples, (rows) => both(rows).product.finish())
  }

  private recordPrologue(): ReturnType<Recorder['finish']> {
    const ops = new Recorder('weight-decay term', 1)
    for (const { offset, size, decayed } of this.selection.parameters) {
      const v = ops.fixed(this.tangent, offset, [size])
      ops.store(ops.scale(v, decayed ? 2 * this.options.weightDecay : 0), ops.fixed(this.product, offset, [size]), 'assign')
    }
    return ops.finish()
  }

  /** Records linearisation and product together: what the product asks for is what the linearisation keeps. */
  private record(rows: number, places: Map<number, BufferHandle>): { linearise: Recorder; product: Recorder } {
    const selected = (parameter: Parameter): boolean => this.selection.parameters.some(({ name }) => name === parameter.name)
    const scale = 1 / this.data.samples

    const linearise = new Recorder('linearise', rows)
    const weights = parameterTensors(linearise, this.network, this.weights)
    const tape = forwardPass(linearise, this.network, weights, linearise.sampleRows(this.data.inputs, [this.data.features]))
    const readings = { rowLoss: linearise.sampleRows(this.losses, [1]), rowCorrect: null }
    const { gradient, probabilities } = linearise.softmaxCrossEntropy(tape.logits, linearise.sampleRows(this.data.labels, [1]), scale, readings)
    const backward = backwardPass(linearise, this.network, weights, tape, gradient, selected)
    this.accumulate(linearise, backward.gradients)

    const product = new Recorder('product', rows)
    const recall = this.recaller(linearise, product, places)
    const tangents = this.network.parameters.map((parameter) => (selected(parameter) ? product.fixed(this.tangent, parameter.offset, parameter.shape) : null))
    const point = linearisationPoint(tape, backward, recall, this.options.matrix)
    const productWeights = parameterTensors(product, this.network, this.weights)
    const forward = forwardTangentPass(product, this.network, productWeights, tangents, point)
    const logitTangent = forward.logits && product.softmaxTangent(recall(probabilities), forward.logits, scale)
    const results = backwardTangentPass(product, this.network, productWeights, tangents, forward.inputTangents, logitTangent, point, selected)
    this.accumulate(product, results)
    return { linearise, product }
  }

  private accumulate(ops: Recorder, values: readonly (Tensor | null)[]): void {
    values.forEach((value, i) => {
      const { offset, shape } = this.network.parameters[i]
      if (value !== null) ops.store(value, ops.fixed(this.product, offset, shape), 'accumulate')
    })
  }

  /** Makes a value of the linearisation readable in the product, keeping it for all samples when it is a temporary. */
  private recaller(linearise: Recorder, product: Recorder, places: Map<number, BufferHandle>): (tensor: Tensor) => Tensor {
    const recalled = new Map<number, Tensor>()
    return (tensor) => {
      const known = recalled.get(tensor.id)
      if (known) return known
      const kept = tensor.location === null ? linearise.keep(tensor, linearise.sampleRows(this.place(tensor, places), tensor.shape.slice(1))) : tensor
      const adopted = product.adopt(kept)
      recalled.set(tensor.id, adopted)
      return adopted
    }
  }

  /** Storage for one value of every sample; the recordings of full and remainder blocks share it (tensor ids agree). */
  private place(tensor: Tensor, places: Map<number, BufferHandle>): BufferHandle {
    const known = places.get(tensor.id)
    if (known) return known
    const buffer = this.engine.allocate('float', this.data.samples * sizeOf(tensor.shape.slice(1)), `linearisation ${tensor.id}`)
    places.set(tensor.id, buffer)
    this.resident.push(buffer)
    return buffer
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

function linearisationPoint(tape: Tape, backward: BackwardTape, recall: (tensor: Tensor) => Tensor, matrix: CurvatureOptions['matrix']) {
  return {
    saved: (position: number) => (index: number) => recall(tape.saved[position][index]),
    outputGradient: (position: number) => {
      const gradient = backward.outputGradients[position]
      return matrix === 'hessian' && gradient !== null ? () => recall(gradient) : null
    },
  }
}

function kernelSquares(network: Network, weights: Float32Array | Float64Array): number {
  let sum = 0
  for (const { offset, size, decayed } of network.parameters) {
    if (decayed) for (let i = offset; i < offset + size; i++) sum += weights[i] * weights[i]
  }
  return sum
}
