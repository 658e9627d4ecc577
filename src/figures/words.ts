import type { CurvatureMatrix, Selection } from '../contracts/experiment.ts'
import type { Outcome } from '../contracts/results.ts'

/** A selection in words: `2.kernel+2.bias` is "kernel and bias of layer 2". */
export function selectionWords(selection: Selection): string {
  if (selection === 'all') return 'the whole network'
  const parts = selection.split('+').map((part) => part.split('.'))
  const layers = new Set(parts.map(([layer]) => layer))
  if (layers.size > 1) return joined(parts.map(([layer, tensor]) => `${tensor} ${layer}`))
  return `the ${joined(parts.map(([, tensor]) => tensor))} of layer ${parts[0][0]}`
}

const MATRICES: Readonly<Record<CurvatureMatrix, string>> = {
  hessian: 'Hessian',
  gaussNewton: 'Gauss–Newton matrix',
  fisher: 'true Fisher matrix',
  empiricalFisher: 'empirical Fisher matrix',
}

/** A matrix in words, as in "the Gauss–Newton matrix". */
export function matrixWords(matrix: CurvatureMatrix): string {
  return MATRICES[matrix]
}

/** A checkpoint in words: "epoch 0 (untrained)", "epoch 12". Legends, which have less room, say the epoch alone. */
export function epochWords(epoch: number): string {
  return epoch === 0 ? 'epoch 0 (untrained)' : `epoch ${String(epoch)}`
}

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  converged: 'all wanted pairs converged',
  breakdown: 'the Krylov space was exhausted',
  'max-steps': 'the limit of Hessian-vector products was reached',
  cancelled: 'it was stopped early',
}

/** How an iteration ended, as the end of a sentence. */
export function outcomeWords(outcome: Outcome): string {
  return OUTCOMES[outcome]
}

function joined(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`
}
