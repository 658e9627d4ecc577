import type { OverlapKind, OverlapResult } from '../contracts/results.ts'
import { formatCount, formatNumber } from './numbers.ts'
import { nullLevel } from './overlap-scale.ts'

const FAMILIES: Readonly<Record<OverlapKind, string>> = {
  singularHessian: 'singular matrices and Hessian eigenvectors',
  singularPca: 'singular matrices and principal components of the weights',
  hessianWeights: 'Hessian eigenvectors and principal components of the weights',
  hessianVelocities: 'Hessian eigenvectors and principal components of the velocities',
  layerNetwork: 'Hessian eigenvectors of a layer and of the whole network',
  hessianTime: 'Hessian eigenvectors at two checkpoints',
}

/** The brightest cell in multiples of the null level, and how diagonal the map is: of one seed, or of a mean over several. */
export function overlapSummary(result: OverlapResult, seeds = 1): string {
  const { overlap, layer, rows, cols, rowsDone, dimension, diagonalSharpness } = result
  const of = layer === null || overlap === 'layerNetwork' ? '' : ` of layer ${String(layer)}`
  const peak = brightest(result)
  const level = nullLevel(dimension)
  const largest =
    peak === null
      ? 'no finite value'
      : `the largest is ${formatNumber(peak.value)} at i = ${formatCount(peak.row)}, j = ${formatCount(peak.col)}, ${formatNumber(peak.value / level, 2)} times the level of unrelated vectors`
  const what = seeds > 1 ? `Mean overlaps over ${String(seeds)} seeds` : 'Overlaps'
  const partial = rowsDone < rows
  const diagonal = partial
    ? `${formatCount(rowsDone)} of ${formatCount(rows)} rows are computed`
    : `values near the diagonal are ${formatNumber(diagonalSharpness)} times the average`
  const shape = `${formatCount(rows)} × ${formatCount(cols)}`
  const families = overlap === 'layerNetwork' && layer !== null ? `Hessian eigenvectors of layer ${String(layer)} and of the whole network` : FAMILIES[overlap]
  return `${what} of ${families}${of} (${shape}): ${largest}${seeds > 1 ? '' : `; ${diagonal}`}.`
}

function brightest({ values, cols }: OverlapResult): { value: number; row: number; col: number } | null {
  let at = -1
  values.forEach((value, i) => {
    if (Number.isFinite(value) && (at < 0 || value > values[at])) at = i
  })
  return at < 0 ? null : { value: values[at], row: Math.floor(at / cols) + 1, col: (at % cols) + 1 }
}
