import type { TrainerState } from '../training/trainer.ts'

/** Bytes of checkpoints held in memory. */
const BUDGET = 128 * 1024 * 1024

/**
 * The weights after every epoch. When they outgrow the budget, every other one is dropped, the first and the last
 * excepted, and only every second (fourth, …) epoch is kept from then on.
 */
export class Checkpoints {
  private readonly states = new Map<number, TrainerState>()
  private stride = 1

  add(epoch: number, state: TrainerState): void {
    const last = this.lastEpoch
    if (last !== null && last % this.stride !== 0) this.states.delete(last)
    this.states.set(epoch, state)
    while (this.bytes > BUDGET && this.states.size > 2) this.thin()
  }

  get(epoch: number): TrainerState | null {
    return this.states.get(epoch) ?? null
  }

  get epochs(): readonly number[] {
    return [...this.states.keys()].sort((a, b) => a - b)
  }

  get lastEpoch(): number | null {
    return this.epochs.at(-1) ?? null
  }

  private get bytes(): number {
    let bytes = 0
    for (const state of this.states.values()) bytes += state.weights.byteLength + state.velocity.byteLength
    return bytes
  }

  private thin(): void {
    this.stride *= 2
    const last = this.lastEpoch
    for (const epoch of this.epochs) if (epoch % this.stride !== 0 && epoch !== last) this.states.delete(epoch)
  }
}
