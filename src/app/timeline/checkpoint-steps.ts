/** The checkpoint nearest to an epoch; null without checkpoints. Epochs ascend. */
export function nearestCheckpoint(epochs: readonly number[], wanted: number): number | null {
  return epochs.reduce<number | null>((best, epoch) => (best === null || Math.abs(epoch - wanted) < Math.abs(best - wanted) ? epoch : best), null)
}

/** The next checkpoint in a direction from the one shown (null: the last); null at the ends. */
export function neighbourCheckpoint(epochs: readonly number[], shown: number | null, direction: 1 | -1): number | null {
  const at = shown === null ? epochs.length - 1 : epochs.indexOf(shown)
  return epochs[at + direction] ?? null
}

/** A checkpoint as the view stores it: the last one is null, so that it moves on with training. */
export function viewCheckpoint(epochs: readonly number[], epoch: number | null): number | null {
  return epoch === epochs.at(-1) ? null : epoch
}
