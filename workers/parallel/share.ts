import type { Engine } from '../engine/engine.ts'
import type { BufferKind } from '../engine/tensor.ts'
import type { Network } from '../networks/network.ts'
import type { ResidentData } from '../networks/resident-data.ts'
import { recordBlocks, singles } from './blocks.ts'
import type { Block, BufferSlot, EvaluationBuffers, HoldMessage } from './messages.ts'

/** The samples of consecutive blocks, copied out of an engine, with the recordings that evaluate them elsewhere. */
export async function shareOf(engine: Engine, network: Network, data: ResidentData, blocks: readonly Block[], evaluation: number): Promise<HoldMessage> {
  const first = blocks[0].first
  const samples = blocks.reduce((sum, { rows }) => sum + rows, 0)
  const buffers: EvaluationBuffers<BufferSlot> = {
    weights: slot('float', network.stateLength, 'weights'),
    inputs: slot('float', samples * data.features, 'inputs'),
    labels: slot('index', samples, 'labels'),
    losses: slot('float', samples, 'row losses'),
    hits: slot('float', samples, 'row correct'),
  }
  const own = blocks.map((block) => ({ first: block.first - first, rows: block.rows }))
  return {
    kind: 'hold',
    evaluation,
    numericalVersion: engine.info.numericalVersion,
    relaxed: !engine.info.bitExact,
    buffers,
    inputs: singles(await engine.read(data.inputs, first * data.features, samples * data.features)),
    labels: Uint32Array.from(await engine.read(data.labels, first, samples)),
    blocks: own,
    recordings: recordBlocks(network, buffers, own),
  }
}

/** A buffer that no engine holds yet. */
function slot(kind: BufferKind, length: number, label: string): BufferSlot {
  return { id: -1, kind, length, label: `helper's ${label}` }
}
