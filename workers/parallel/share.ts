import type { Engine } from '../engine/engine.ts'
import type { BufferHandle, BufferKind } from '../engine/tensor.ts'
import type { ResidentData } from '../networks/resident-data.ts'
import { singles } from './blocks.ts'
import type { Block, BufferSlot, HoldMessage, Pass } from './messages.ts'

/** What a helper needs for a task besides samples: buffers that no engine holds yet, and passes recorded on them. */
export interface Share {
  readonly slots: readonly BufferSlot[]
  /** [samples, features], among the slots. */
  readonly inputs: BufferSlot
  /** [samples], among the slots; null where the inputs are whole. */
  readonly background: BufferSlot | null
  /** [samples], among the slots. */
  readonly labels: BufferSlot
  readonly passes: readonly Pass<BufferSlot>[]
}

/** Samples to be shared; `background` belongs to inputs that were split, [samples]. */
export interface SharedData extends ResidentData {
  readonly background: BufferHandle | null
}

/** Makes the share of a helper that holds so many samples, cut into these blocks. */
export type ShareRecipe = (samples: number, blocks: readonly Block[]) => Share

/** The samples of some blocks, copied out of an engine, with what is to be done with them elsewhere. */
export async function shareOf(engine: Engine, data: SharedData, blocks: readonly Block[], task: number, recipe: ShareRecipe): Promise<HoldMessage> {
  const samples = blocks.reduce((sum, { rows }) => sum + rows, 0)
  const [inputs, background, labels] = [new Float32Array(samples * data.features), new Float32Array(samples), new Uint32Array(samples)]
  const own: Block[] = []
  let at = 0
  for (const { first, rows } of blocks) {
    inputs.set(singles(await engine.read(data.inputs, first * data.features, rows * data.features)), at * data.features)
    if (data.background !== null) background.set(singles(await engine.read(data.background, first, rows)), at)
    labels.set(await engine.read(data.labels, first, rows), at)
    own.push({ first: at, rows })
    at += rows
  }
  const share = recipe(samples, own)
  const contents = [
    { slot: share.inputs, values: inputs },
    ...(share.background === null ? [] : [{ slot: share.background, values: background }]),
    { slot: share.labels, values: labels },
  ]
  const { numericalVersion, bitExact } = engine.info
  return { kind: 'hold', task, numericalVersion, relaxed: !bitExact, slots: share.slots, contents, blocks: own, passes: share.passes }
}

/** A buffer that no engine holds yet. */
export function slot(kind: BufferKind, length: number, label: string): BufferSlot {
  return { id: -1, kind, length, label: `helper's ${label}` }
}
