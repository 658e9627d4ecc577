import { LabError } from '../../src/contracts/errors.ts'
import { Recorder } from '../engine/recorder.ts'
import type { Recording } from '../engine/recording.ts'
import { sizeOf, type BufferHandle, type Tensor } from '../engine/tensor.ts'
import type { StatisticsMode } from '../networks/layer.ts'
import { hasBatchNorm, isDecayed, type Network, type Parameter } from '../networks/network.ts'
import { networkTensors } from '../networks/parameters.ts'
import { backwardPass, backwardTangentPass, forwardPass, forwardTangentPass, type BackwardTape, type LinearisationPoint, type Tape } from '../networks/passes.ts'
import type { SelectedParameters } from '../networks/selection.ts'
import { SplitRecorder } from './background.ts'
import type { Rest } from './blocks.ts'

/**
 * Which matrix of the mean loss over N samples. With J_n the derivative of the logits of sample n, p_n its
 * probabilities and y_n its label as one of C unit vectors:
 * - `hessian`: second derivatives, exact away from kinks
 * - `gaussNewton`: (1/N) Σ J_nᵀ(diag p_n − p_n p_nᵀ)J_n
 * - `fisher`: (1/N) Σ_n Σ_y p_n(y)·g_n(y)·g_n(y)ᵀ, labels drawn from the network's own predictions. For softmax cross
 *   entropy that is the Gauss–Newton matrix (Martens 2020, section 9), and computed as such
 * - `empiricalFisher`: (1/N) Σ g_n g_nᵀ with g_n = J_nᵀ(p_n − y_n), the samples' own gradients without weight decay
 */
export type CurvatureMatrix = 'hessian' | 'gaussNewton' | 'fisher' | 'empiricalFisher'

export interface CurvatureOptions {
  readonly matrix: CurvatureMatrix
  /**
   * λ of λ‖W‖² on kernels: adds 2λ on their entries, never on biases, whatever the matrix; the loss gets λ‖W‖² and the
   * gradient 2λW. 0 leaves the term out of all three.
   */
  readonly weightDecay: number
  /** The kernels that weight decay acts on; all of them by default. */
  readonly decayed?: 'kernels' | 'dense'
  /** Statistics that batch norm uses: the running ones by default, or those of the samples, all in one block. */
  readonly batchNorm?: StatisticsMode
  /** Called between blocks of samples; what it throws ends the product. */
  readonly rest?: Rest
}

/** What the matrix belongs to. */
export interface CurvatureSubject {
  readonly network: Network
  readonly selection: SelectedParameters
  readonly options: CurvatureOptions
  /** N of the mean. */
  readonly samples: number
}

/** The buffers of linearisation and product. */
export interface CurvatureBuffers<B> {
  /** Flat state of the network. */
  readonly weights: B
  /** [held, features] */
  readonly inputs: B
  /** [held] what `inputs` were split from, see `SplitInputs`; null where they are whole. */
  readonly background: B | null
  /** [held] */
  readonly labels: B
  /** [held] cross entropy of each sample. */
  readonly losses: B
  /** Where the vector of a product is read, flat. */
  readonly tangent: B
  /** What gradient and product are added to, flat. */
  readonly product: B
}

/** Bytes of kept activations and gradients above which every product computes them anew. */
const RESIDENT_BYTES = 1024 ** 3

/** What the recordings keep between linearisation and product: storage by length in numbers. */
export type AllocateKept = (length: number, label: string) => BufferHandle

/** Linearisation and product of one block of samples. */
export interface CurvatureRecordings {
  readonly linearise: Recording
  readonly product: Recording
}

/**
 * Records the linearisation (forward and backward pass) and the product (their tangents) of blocks of samples, on
 * buffers that hold `held` of the samples. Both add to `product`; what a product needs of the linearisation is kept.
 */
export class CurvatureRecorder {
  private readonly places = new Map<number, Place>()
  private readonly recordings = new Map<number, CurvatureRecordings>()

  /** Throws a `LabError` for a matrix that is not defined. */
  constructor(
    private readonly subject: CurvatureSubject,
    private readonly buffers: CurvatureBuffers<BufferHandle>,
    private readonly held: number,
    private readonly allocate: AllocateKept,
  ) {
    const { network, options } = subject
    if (options.matrix !== 'empiricalFisher' || options.batchNorm !== 'training' || !hasBatchNorm(network)) return
    throw new LabError(
      'bad-settings',
      `The empirical Fisher matrix is made of the gradients of single samples; batch norm by the statistics of the ${subject.samples} samples mixes them.`,
      'Use the statistics gathered in training, or the Hessian or the Gauss–Newton matrix.',
    )
  }

  /** Whether products read what the linearisation left; else they linearise by themselves. */
  get keepsActivations(): boolean {
    const { network, samples } = this.subject
    return 2 * 4 * network.activationsPerSample * samples <= RESIDENT_BYTES
  }

  /** product ← 2λ·tangent on selected kernels, 0·tangent on the rest of the selection. */
  prologue(): Recording {
    const { selection, options } = this.subject
    const ops = new Recorder('weight-decay term', 1)
    for (const parameter of selection.parameters) {
      const { offset, size } = parameter
      const v = ops.fixed(this.buffers.tangent, offset, [size])
      ops.store(ops.scale(v, decays(this.subject, parameter) ? 2 * options.weightDecay : 0), ops.fixed(this.buffers.product, offset, [size]), 'assign')
    }
    return ops.finish()
  }

  /** Recorded together, once per number of rows: what the product asks for is what the linearisation keeps. */
  of(rows: number): CurvatureRecordings {
    const known = this.recordings.get(rows)
    if (known) return known
    const made = this.record(rows)
    this.recordings.set(rows, made)
    return made
  }

  private record(rows: number): CurvatureRecordings {
    const linearise = this.recorder('linearise', rows)
    const point = this.recordLinearisation(linearise)
    this.accumulate(linearise, point.backward.gradients)
    const product = this.recorder('product', rows)
    if (this.keepsActivations) this.recordProduct(product, point, this.recaller(linearise, product))
    else this.recordProduct(product, this.recordLinearisation(product), (tensor) => tensor)
    return { linearise: linearise.finish(), product: product.finish() }
  }

  private recorder(label: string, rows: number): Recorder {
    const { inputs, background } = this.buffers
    return background === null ? new Recorder(label, rows) : new SplitRecorder(label, rows, { inputs, background })
  }

  private recordLinearisation(ops: Recorder): Linearised {
    const { network, options, samples } = this.subject
    const { weights, inputs, labels, losses } = this.buffers
    const tensors = networkTensors(ops, network, weights)
    const tape = forwardPass(ops, network, tensors, ops.sampleRows(inputs, [network.inputSize]), options.batchNorm ?? 'inference')
    const readings = { rowLoss: ops.sampleRows(losses, [1]), rowCorrect: null }
    const { gradient, probabilities } = ops.softmaxCrossEntropy(tape.logits, ops.sampleRows(labels, [1]), 1 / samples, readings)
    const backward = backwardPass(ops, network, tensors, tape, gradient, (parameter) => this.selects(parameter))
    return { tape, backward, probabilities, logitGradient: gradient }
  }

  private recordProduct(ops: Recorder, linearised: Linearised, recall: (tensor: Tensor) => Tensor): void {
    const { network } = this.subject
    const tensors = networkTensors(ops, network, this.buffers.weights)
    const tangents = network.parameters.map((parameter) => (this.selects(parameter) ? ops.fixed(this.buffers.tangent, parameter.offset, parameter.shape) : null))
    const point = this.linearisationPoint(linearised, recall)
    const forward = forwardTangentPass(ops, network, tensors, tangents, point)
    const logitTangent = forward.logits && this.logitGradientTangent(ops, linearised, forward.logits, recall)
    const selects = (parameter: Parameter): boolean => this.selects(parameter)
    this.accumulate(ops, backwardTangentPass(ops, network, tensors, tangents, forward.inputTangents, logitTangent, point, selects).products)
  }

  /** The loss's own curvature at the logits: (diag p − ppᵀ)/N, or (p − y)(p − y)ᵀ/N; p − y is kept divided by N. */
  private logitGradientTangent(ops: Recorder, { probabilities, logitGradient }: Linearised, tangent: Tensor, recall: (tensor: Tensor) => Tensor): Tensor {
    const { options, samples } = this.subject
    if (options.matrix === 'empiricalFisher') return ops.rankOne(recall(logitGradient), tangent, samples)
    return ops.softmaxTangent(recall(probabilities), tangent, 1 / samples)
  }

  private linearisationPoint({ tape, backward }: Linearised, recall: (tensor: Tensor) => Tensor): LinearisationPoint {
    return {
      mode: tape.mode,
      saved: (position: number) => (index: number) => recall(tape.saved[position][index]),
      outputGradient: (position: number) => {
        const gradient = backward.outputGradients[position]
        return this.subject.options.matrix === 'hessian' && gradient !== null ? () => recall(gradient) : null
      },
    }
  }

  private selects(parameter: Parameter): boolean {
    return this.subject.selection.parameters.some(({ name }) => name === parameter.name)
  }

  private accumulate(ops: Recorder, values: readonly (Tensor | null)[]): void {
    values.forEach((value, i) => {
      const { offset, shape } = this.subject.network.parameters[i]
      if (value !== null) ops.store(value, ops.fixed(this.buffers.product, offset, shape), 'accumulate')
    })
  }

  /** Makes a value of the linearisation readable in the product, keeping it for all samples when it is a temporary. */
  private recaller(linearise: Recorder, product: Recorder): (tensor: Tensor) => Tensor {
    const recalled = new Map<number, Tensor>()
    return (tensor) => {
      const known = recalled.get(tensor.id)
      if (known) return product.reshape(known, tensor.shape)
      const kept = tensor.location === null ? linearise.keep(tensor, this.placeFor(linearise, tensor)) : tensor
      const adopted = product.reshape(product.adopt(kept), tensor.shape)
      recalled.set(tensor.id, adopted)
      return adopted
    }
  }

  /**
   * Storage for one value of every sample, or of every channel; the recordings of full and remainder blocks share it
   * (tensor ids agree).
   */
  private placeFor(ops: Recorder, tensor: Tensor): Tensor {
    const perSample = tensor.shape[0] === ops.rows
    const known = this.places.get(tensor.id) ?? { perSample, buffer: this.allocateKept(tensor, perSample) }
    this.places.set(tensor.id, known)
    return known.perSample ? ops.sampleRows(known.buffer, tensor.shape.slice(1)) : ops.fixed(known.buffer, 0, tensor.shape)
  }

  private allocateKept(tensor: Tensor, perSample: boolean): BufferHandle {
    const length = perSample ? this.held * sizeOf(tensor.shape.slice(1)) : sizeOf(tensor.shape)
    return this.allocate(length, `linearisation ${tensor.id}`)
  }
}

/**
 * What `prologue` leaves, flat: 2λ·v on selected kernels, 0·v on the rest of the selection, in single precision and with
 * the bits of the CPU engine.
 */
export function decayTerm(subject: CurvatureSubject, v: Float32Array): Float32Array {
  const term = new Float32Array(v.length)
  for (const parameter of subject.selection.parameters) {
    const factor = Math.fround(decays(subject, parameter) ? 2 * subject.options.weightDecay : 0)
    for (let i = parameter.offset; i < parameter.offset + parameter.size; i++) term[i] = factor * v[i]
  }
  return term
}

/** λ‖W‖² of a flat vector of weights, over the kernels that decay. */
export function decayLoss(subject: CurvatureSubject, weights: Float32Array | Float64Array): number {
  let sum = 0
  for (const parameter of subject.network.parameters) {
    const { offset, size } = parameter
    if (decays(subject, parameter)) for (let i = offset; i < offset + size; i++) sum += weights[i] * weights[i]
  }
  return subject.options.weightDecay * sum
}

function decays({ options }: CurvatureSubject, parameter: Parameter): boolean {
  return isDecayed(parameter, options.decayed ?? 'kernels')
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
  readonly logitGradient: Tensor
}
