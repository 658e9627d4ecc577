import type { Engine } from '../engine/engine.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import { allocateAll } from '../networks/allocate-all.ts'
import type { Network } from '../networks/network.ts'
import type { ResidentData } from '../networks/resident-data.ts'
import { blockRows, type Rest } from '../operators/blocks.ts'
import { recordEvaluation, type EvaluationBuffers, type Reading } from '../operators/evaluation.ts'
import { cutIntoBlocks, rowsAmong, singles } from './blocks.ts'
import type { Crew } from './crew.ts'
import type { Block, BlockResults, BufferSlot, Pass } from './messages.ts'
import { slot, type ShareRecipe } from './share.ts'
import { SharedPasses } from './shared-passes.ts'

/** What is evaluated, and by whom. */
export interface ParallelEvaluationOptions {
  /** A WebAssembly engine. */
  readonly engine: Engine
  readonly network: Network
  /** Flat state of the network. */
  readonly weights: BufferHandle
  /** All samples, on the main thread's engine; helpers get copies of their shares. */
  readonly data: ResidentData
  readonly crew: Crew
}

/**
 * The readings of `Evaluation`, bit for bit, from several threads: each sample's loss depends on its block alone, and
 * losses are summed in the order of the samples.
 */
export class ParallelEvaluation {
  private readonly lossOf: Float32Array
  private readonly hitOf: Float32Array

  private constructor(
    private readonly options: ParallelEvaluationOptions,
    private readonly blocks: readonly Block[],
    private readonly outputs: readonly BufferHandle[],
    private readonly shared: SharedPasses,
  ) {
    this.lossOf = new Float32Array(options.data.samples)
    this.hitOf = new Float32Array(options.data.samples)
  }

  /** Compiles for the main thread and sends the helpers their shares; their readiness is not waited for. */
  static async create(options: ParallelEvaluationOptions): Promise<ParallelEvaluation> {
    const { engine, network, weights, data, crew } = options
    const outputs = allocateAll(engine, [
      ['float', data.samples, 'row losses'],
      ['float', data.samples, 'row correct'],
    ])
    const [losses, correct] = outputs
    const blocks = cutIntoBlocks(data.samples, blockRows(engine, network))
    const passes = [passOf(network, { weights, inputs: data.inputs, labels: data.labels, losses, correct }, blocks)]
    const shared = await SharedPasses.create({ engine, data: { ...data, background: null }, blocks, passes, recipe: recipeOf(network), crew }).catch((error: unknown) => {
      for (const buffer of outputs) engine.free(buffer)
      throw error
    })
    return new ParallelEvaluation(options, blocks, outputs, shared)
  }

  /** Helpers that hold their share by now. */
  get helpersReady(): number {
    return this.shared.helpersReady
  }

  /** `rest` runs after every block; when it throws, so does this, and nothing stands in the way of the next call. */
  async evaluate(rest?: Rest): Promise<Reading> {
    const { engine, weights, data } = this.options
    await this.shared.run(0, singles(await engine.read(weights)), (block, results) => this.note(block, results), rest)
    return { loss: total(this.lossOf) / data.samples, accuracy: total(this.hitOf) / data.samples }
  }

  dispose(): void {
    this.shared.dispose()
    for (const buffer of this.outputs) this.options.engine.free(buffer)
  }

  private note(block: number, [losses, hits]: BlockResults): void {
    const { first } = this.blocks[block]
    this.lossOf.set(losses, first)
    this.hitOf.set(hits, first)
  }
}

function recipeOf(network: Network): ShareRecipe {
  return (samples, blocks) => {
    const buffers = {
      weights: slot('float', network.stateLength, 'weights'),
      inputs: slot('float', samples * network.inputSize, 'inputs'),
      labels: slot('index', samples, 'labels'),
      losses: slot('float', samples, 'row losses'),
      correct: slot('float', samples, 'row correct'),
    }
    return { slots: Object.values<BufferSlot>(buffers), inputs: buffers.inputs, background: null, labels: buffers.labels, passes: [passOf(network, buffers, blocks)] }
  }
}

function passOf<B extends BufferHandle>(network: Network, buffers: EvaluationBuffers<B>, blocks: readonly Block[]): Pass<B> {
  const { weights, losses, correct } = buffers
  return {
    recordings: rowsAmong(blocks).map((rows) => recordEvaluation(network, buffers, rows)),
    input: { buffer: weights, first: 0, length: network.stateLength },
    readings: [losses, correct],
    sums: null,
    after: null,
  }
}

function total(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
