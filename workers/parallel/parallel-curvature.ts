import type { Engine } from '../engine/engine.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import { allocateAll } from '../networks/allocate-all.ts'
import type { Network } from '../networks/network.ts'
import type { ResidentData } from '../networks/resident-data.ts'
import { gather, scatter, type SelectedParameters } from '../networks/selection.ts'
import { splitInputs } from '../operators/background.ts'
import { curvatureBlockRows, type CurvatureOperator, type Linearisation } from '../operators/curvature.ts'
import { CurvatureRecorder, decayLoss, decayTerm, type CurvatureBuffers, type CurvatureOptions, type CurvatureSubject } from '../operators/curvature-recording.ts'
import { cutIntoBlocks, rowsAmong, singles } from './blocks.ts'
import type { Crew } from './crew.ts'
import type { Block, BlockResults, BufferSlot, Pass } from './messages.ts'
import { OrderedSum } from './ordered-sum.ts'
import { slot, type ShareRecipe } from './share.ts'
import { SharedPasses } from './shared-passes.ts'

/** Whose products are shared, and among whom. */
export interface ParallelCurvatureOptions {
  /** A WebAssembly engine. */
  readonly engine: Engine
  readonly network: Network
  /** Flat state of the network. */
  readonly weights: BufferHandle
  /** All samples, on the main thread's engine; helpers get copies of their shares. */
  readonly data: ResidentData
  readonly selection: SelectedParameters
  readonly options: CurvatureOptions
  readonly crew: Crew
}

/** The part of a flat vector between the first and the last number of a selection. */
interface Range {
  readonly first: number
  readonly length: number
}

/** Numbers of the passes. */
const [LINEARISE, MULTIPLY] = [0, 1]

/**
 * The products of `Curvature`, bit for bit, from several threads. Each thread linearises and multiplies its own blocks
 * of samples; a block's share of a product is summed from nothing, as on one thread, and shares are added in the order
 * of the blocks, so who did what does not show.
 */
export class ParallelCurvature implements CurvatureOperator {
  readonly size: number
  readonly symmetric = true
  readonly positiveSemidefinite: boolean
  private readonly losses: Float32Array

  private constructor(
    private readonly engine: Engine,
    private readonly subject: CurvatureSubject,
    private readonly buffers: CurvatureBuffers<BufferHandle>,
    private readonly owned: readonly BufferHandle[],
    private readonly blocks: readonly Block[],
    private readonly range: Range,
    private readonly shared: SharedPasses,
  ) {
    this.size = subject.selection.size
    this.positiveSemidefinite = subject.options.matrix !== 'hessian'
    this.losses = new Float32Array(subject.samples)
  }

  /** Compiles for the main thread and sends the helpers their shares; their readiness is not waited for. */
  static async create({ engine, network, weights, data, selection, options, crew }: ParallelCurvatureOptions): Promise<ParallelCurvature> {
    const subject = { network, selection, options, samples: data.samples }
    const owned: BufferHandle[] = []
    try {
      owned.push(...allocateAll(engine, [
        ['float', network.parameterCount, 'tangent'],
        ['float', network.parameterCount, 'product'],
        ['float', data.samples, 'row losses'],
      ]))
      const [tangent, product, losses] = owned
      const split = await splitInputs(engine, network, data, selection)
      if (split !== null) owned.push(split.inputs, split.background)
      const source = { ...data, inputs: split?.inputs ?? data.inputs, background: split?.background ?? null }
      const buffers = { weights, inputs: source.inputs, background: source.background, labels: data.labels, losses, tangent, product }
      const recorder = new CurvatureRecorder(subject, buffers, data.samples, (length, label) => {
        const buffer = engine.allocate('float', length, label)
        owned.push(buffer)
        return buffer
      })
      const blocks = cutIntoBlocks(data.samples, curvatureBlockRows(engine, subject))
      const range = rangeOf(selection)
      const shared = await SharedPasses.create({ engine, data: source, blocks, passes: passesOf(recorder, network, buffers, range, blocks), recipe: recipeOf(subject, range, split !== null), crew })
      return new ParallelCurvature(engine, subject, buffers, owned, blocks, range, shared)
    } catch (error) {
      for (const buffer of owned) engine.free(buffer)
      throw error
    }
  }

  /** Helpers that hold their share by now. */
  get helpersReady(): number {
    return this.shared.helpersReady
  }

  async linearise(): Promise<Linearisation> {
    const { network, selection, samples } = this.subject
    const state = singles(await this.engine.read(this.buffers.weights))
    const weights = state.subarray(0, network.parameterCount)
    const gradient = await this.sum(LINEARISE, state, weights, (block, [losses, sums]) => {
      this.losses.set(losses, this.blocks[block].first)
      return sums
    })
    let entropy = 0
    for (const loss of this.losses) entropy += loss
    return { loss: entropy / samples + decayLoss(this.subject, weights), gradient: gather(selection, gradient) }
  }

  async apply(x: Float64Array, y: Float64Array): Promise<void> {
    const { network, selection } = this.subject
    const tangent = scatter(selection, x, new Float32Array(network.parameterCount))
    const { first, length } = this.range
    y.set(gather(selection, await this.sum(MULTIPLY, tangent.subarray(first, first + length), tangent, (_, [sums]) => sums)))
  }

  dispose(): void {
    this.shared.dispose()
    for (const buffer of this.owned) this.engine.free(buffer)
  }

  /** 2λ·v on selected kernels plus what the blocks leave in a pass, flat. `sumsOf` finds it in their results. */
  private async sum(pass: number, input: Float32Array, v: Float32Array, sumsOf: (block: number, results: BlockResults) => Float32Array): Promise<Float32Array> {
    const { engine, range, subject, shared } = this
    engine.write(this.buffers.tangent, v)
    const total = decayTerm(subject, v)
    const ordered = new OrderedSum(total.subarray(range.first, range.first + range.length))
    await shared.run(pass, input, (block, results) => ordered.add(block, sumsOf(block, results)), subject.options.rest)
    return total
  }
}

function recipeOf(subject: CurvatureSubject, range: Range, isSplit: boolean): ShareRecipe {
  const { network } = subject
  return (samples, blocks) => {
    const buffers = {
      weights: slot('float', network.stateLength, 'weights'),
      inputs: slot('float', samples * network.inputSize, 'inputs'),
      background: isSplit ? slot('float', samples, 'background') : null,
      labels: slot('index', samples, 'labels'),
      losses: slot('float', samples, 'row losses'),
      tangent: slot('float', network.parameterCount, 'tangent'),
      product: slot('float', network.parameterCount, 'product'),
    }
    const slots = Object.values<BufferSlot | null>(buffers).filter((buffer) => buffer !== null)
    const recorder = new CurvatureRecorder(subject, buffers, samples, (length, label) => {
      const kept = slot('float', length, label)
      slots.push(kept)
      return kept
    })
    const passes = passesOf(recorder, network, buffers, range, blocks)
    return { slots, inputs: buffers.inputs, background: buffers.background, labels: buffers.labels, passes }
  }
}

function passesOf<B extends BufferHandle>(recorder: CurvatureRecorder, network: Network, buffers: CurvatureBuffers<B>, range: Range, blocks: readonly Block[]): readonly Pass<B>[] {
  const { weights, losses, tangent, product } = buffers
  const recordings = rowsAmong(blocks).map((rows) => recorder.of(rows))
  const sums = { buffer: product, ...range }
  return [
    { recordings: recordings.map(({ linearise }) => linearise), input: { buffer: weights, first: 0, length: network.stateLength }, readings: [losses], sums, after: null },
    {
      recordings: recordings.map((recording) => recording.product),
      input: { buffer: tangent, ...range },
      readings: [],
      sums,
      after: recorder.keepsActivations ? LINEARISE : null,
    },
  ]
}

function rangeOf({ parameters }: SelectedParameters): Range {
  const first = Math.min(...parameters.map(({ offset }) => offset))
  return { first, length: Math.max(...parameters.map(({ offset, size }) => offset + size)) - first }
}
