import type { CurvatureMatrix, Selection } from '../../contracts/experiment.ts'
import { judged, type ClaimFinding } from './claim.ts'

/** What the first result says that decides, for every selection, in the order of the results. */
export function decideEach<R>(
  results: readonly R[],
  selectionOf: (result: R) => Selection,
  judge: (result: R) => ClaimFinding | null,
): readonly ClaimFinding[] {
  const decided = new Map<Selection, ClaimFinding>()
  for (const result of results) {
    const selection = selectionOf(result)
    const finding = decided.has(selection) ? null : judge(result)
    if (finding !== null) decided.set(selection, finding)
  }
  return [...decided.values()]
}

/** Several findings as one, which holds where all of them do; where they differ, each says what it is. */
export function together(findings: readonly ClaimFinding[]): ClaimFinding {
  const holding = findings.filter(({ verdict }) => verdict === 'holds').length
  const differ = holding > 0 && holding < findings.length
  const words = findings.map(({ verdict, evidence }) => (differ ? `${evidence} (${verdict === 'holds' ? 'holds' : 'does not hold'})` : evidence))
  return { ...judged(holding === findings.length, words.join('; '), {}), quantities: findings.flatMap(({ quantities }) => quantities) }
}

/** The thesis speaks of the Hessian; other matrices of curvature decide nothing. */
export function isHessian({ settings }: { readonly settings: { readonly matrix: CurvatureMatrix } }): boolean {
  return settings.matrix === 'hessian'
}

export function selectionOfSettings({ settings }: { readonly settings: { readonly selection: Selection } }): Selection {
  return settings.selection
}
