import type { Engine } from '../engine/engine.ts'
import { Recorder } from '../engine/recorder.ts'
import type { Recording } from '../engine/recording.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import { allocateAll } from '../networks/allocate-all.ts'
import type { Network } from '../networks/network.ts'
import { forwardPass } from '../networks/passes.ts'
import { blockRows, compileBlocks, type BlockPlan, type Rest } from './blocks.ts'
import { networkTensors } from '../networks/parameters.ts'
import type { ResidentData } from '../networks/resident-data.ts'

/** Mean cross entropy (without weight decay) and share of correct predictions. */
export interface Reading {
  readonly loss: number
  readonly accuracy: number
}

/** What an evaluation reads, and where the loss and the hit of every sample go. */
export interface EvaluationBuffers<B = BufferHandle> {
  readonly weights: B
  readonly inputs: B
  readonly labels: B
  readonly losses: B
  readonly correct: B
}

/** The evaluation of one block of samples. */
export function recordEvaluation(network: Network, buffers: EvaluationBuffers, rows: number): Recording {
  const ops = new Recorder('evaluate', rows)
  const x = ops.sampleRows(buffers.inputs, [network.inputSize])
  const { logits } = forwardPass(ops, network, networkTensors(ops, network, buffers.weights), x, 'inference')
  const readings = { rowLoss: ops.sampleRows(buffers.losses, [1]), rowCorrect: ops.sampleRows(buffers.correct, [1]) }
  ops.softmaxCrossEntropy(logits, ops.sampleRows(buffers.labels, [1]), 1, readings)
  return ops.finish()
}

/** Evaluates a network, `weights` being its flat state, on resident data; batch norm uses the running statistics. Sums run over samples in order, in float64. */
export class Evaluation {
  private constructor(
    private readonly engine: Engine,
    private readonly plan: BlockPlan,
    private readonly losses: BufferHandle,
    private readonly correct: BufferHandle,
    private readonly samples: number,
  ) {}

  static async create(engine: Engine, network: Network, weights: BufferHandle, data: ResidentData): Promise<Evaluation> {
    const [losses, correct] = allocateAll(engine, [
      ['float', data.samples, 'row losses'],
      ['float', data.samples, 'row correct'],
    ])
    const buffers = { weights, inputs: data.inputs, labels: data.labels, losses, correct }
    const plan = await compileBlocks(engine, data.samples, blockRows(engine, network), (rows) => recordEvaluation(network, buffers, rows)).catch((error: unknown) => {
      for (const buffer of [losses, correct]) engine.free(buffer)
      throw error
    })
    return new Evaluation(engine, plan, losses, correct, data.samples)
  }

  async evaluate(rest?: Rest): Promise<Reading> {
    await this.plan.sweep(rest)
    const losses = await this.engine.read(this.losses)
    const correct = await this.engine.read(this.correct)
    return { loss: total(losses) / this.samples, accuracy: total(correct) / this.samples }
  }

  dispose(): void {
    this.plan.dispose()
    this.engine.free(this.losses)
    this.engine.free(this.correct)
  }
}

function total(values: Float32Array | Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
