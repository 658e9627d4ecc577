import type { Engine } from '../engine/engine.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import type { Network } from '../networks/network.ts'
import type { ResidentData } from '../networks/resident-data.ts'
import { blockRows, type Rest } from '../operators/blocks.ts'
import { Evaluation, type Reading } from '../operators/evaluation.ts'
import { Crew } from './crew.ts'
import { ParallelEvaluation } from './parallel-evaluation.ts'
import type { ThreadSource } from './thread.ts'

/** Reads loss and accuracy of a network at the present weights. */
export interface Evaluator {
  evaluate(rest?: Rest): Promise<Reading>
  dispose(): void
}

/** Multiplications below which an evaluation is over (in some 50 ms) before sharing it pays. */
const WORTHWHILE = 2e9

/** More threads than this mostly wait for memory. */
const MOST_HELPERS = 7

/** Whether several threads would help with an evaluation. */
export function shouldParallelise(engine: Engine, network: Network, samples: number, cores: number): boolean {
  return helperCount(engine, network, samples, cores) > 0 && network.multiplications * samples >= WORTHWHILE
}

/** Helpers beside the main thread: one per further core, each with at least one block of samples. */
export function helperCount(engine: Engine, network: Network, samples: number, cores: number): number {
  if (engine.info.name !== 'wasm') return 0
  const blocks = Math.ceil(samples / blockRows(engine, network))
  return Math.max(0, Math.min(cores - 1, MOST_HELPERS, blocks - 1))
}

/** Helpers for evaluations on up to `samples` samples, or null where they would not help. The caller disposes of the crew. */
export function openCrew(source: ThreadSource, engine: Engine, network: Network, samples: number, onFailure: (reason: string) => void): Crew | null {
  if (!shouldParallelise(engine, network, samples, source.cores)) return null
  return new Crew(helperCount(engine, network, samples, source.cores), () => source.start(), onFailure)
}

/** An evaluation on the main thread alone or, where there is a crew and it helps, with others. The bits are the same. */
export function openEvaluation(engine: Engine, network: Network, weights: BufferHandle, data: ResidentData, crew: Crew | null): Promise<Evaluator> {
  if (crew === null || !shouldParallelise(engine, network, data.samples, crew.size + 1)) return Evaluation.create(engine, network, weights, data)
  return ParallelEvaluation.create({ engine, network, weights, data, crew })
}
