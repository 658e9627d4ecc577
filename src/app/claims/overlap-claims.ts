import type { OverlapResult } from '../../contracts/results.ts'
import { formatNumber, formatShare } from '../format/number.ts'
import { judged, notMeasured, type Claim, type ClaimInput } from './claim.ts'

const TOP = 10

function finished(input: ClaimInput, kind: OverlapResult['overlap']): readonly OverlapResult[] {
  return input.overlaps.filter((overlap) => overlap.overlap === kind && overlap.rowsDone === overlap.rows)
}

export const velocitiesMoreDiagonal: Claim = {
  number: 4,
  sentence: 'Velocity components are more diagonal in the Hessian eigenbasis than weight components.',
  note: 'Compares the diagonal sharpness of the two heatmaps: mean overlap near the diagonal over the mean of all.',
  check: (input) => {
    const [weights] = finished(input, 'hessianWeights')
    const [velocities] = finished(input, 'hessianVelocities')
    if (weights === undefined || velocities === undefined) return notMeasured('needs both heatmaps of Hessian eigenvectors and components')
    const evidence = `sharpness ${formatNumber(velocities.diagonalSharpness)} for velocities, ${formatNumber(weights.diagonalSharpness)} for weights`
    const quantities = { 'sharpness for velocities': velocities.diagonalSharpness, 'for weights': weights.diagonalSharpness }
    return judged(velocities.diagonalSharpness > weights.diagonalSharpness, evidence, quantities)
  },
}

export interface OutlierCoverage {
  /** Mean F² of outlier rows over that of bulk rows, in the first eigenvectors. */
  readonly ratio: number
  /** Share of those eigenvectors' squared length that lies in the span of the outliers. */
  readonly mass: number
  /** The same share for random unit vectors. */
  readonly randomMass: number
}

/** How the first `columns` eigenvectors cover the singular matrices above and below the Marchenko–Pastur edge. */
export function outlierCoverage(overlap: OverlapResult, outliers: number, columns: number): OutlierCoverage {
  const width = Math.min(columns, overlap.cols)
  const meanSquare = (from: number, to: number): number => {
    let sum = 0
    for (let i = from; i < to; i++) for (let j = 0; j < width; j++) sum += overlap.values[i * overlap.cols + j] ** 2
    return sum / ((to - from) * width)
  }
  const inside = meanSquare(0, outliers)
  return { ratio: inside / meanSquare(outliers, overlap.rows), mass: inside * outliers, randomMass: outliers / overlap.dimension }
}

export const outliersCovered: Claim = {
  number: 5,
  sentence: 'Singular values outside the Marchenko–Pastur bulk are covered by the lowest-index eigenvectors.',
  note: 'Relative only: holds when outliers have at least twice the squared overlap of the bulk in the first ten eigenvectors. In absolute terms the outliers span well under 1 % of those eigenvectors in the reproduction, and a last layer can show the reverse.',
  check: (input) => {
    const [overlap] = finished(input, 'singularHessian')
    const kernel = input.singularValues?.kernels.find(({ layer }) => layer === overlap?.layer)
    if (overlap === undefined || kernel === undefined) return notMeasured('needs singular values and their overlap with Hessian eigenvectors')
    if (kernel.outliers === 0) return notMeasured(`${kernel.name} has no singular value above the edge ${formatNumber(kernel.upperEdge)}`)
    if (kernel.outliers >= overlap.rows) return notMeasured(`every singular value of ${kernel.name} lies above the edge; there is no bulk to compare with`)
    const { ratio, mass, randomMass } = outlierCoverage(overlap, kernel.outliers, TOP)
    const evidence = `${kernel.outliers} outliers: ${formatNumber(ratio)} × the bulk in the top ${TOP}; they hold ${formatShare(mass, 2)} of these eigenvectors, random ${formatShare(randomMass, 2)}`
    return judged(ratio >= 2, evidence, { outliers: kernel.outliers, [`squared overlap of outliers over that of the bulk in the top ${TOP}`]: ratio })
  },
}

/** Mean over the first rows of the largest value among the first columns. */
export function meanLargest({ values, rows, cols }: OverlapResult, size: number): number {
  const [height, width] = [Math.min(size, rows), Math.min(size, cols)]
  let sum = 0
  for (let i = 0; i < height; i++) sum += values.subarray(i * cols, i * cols + width).reduce((most, value) => Math.max(most, value), 0)
  return sum / height
}

/** The mean overlap is this many times that of unrelated directions. */
const RELATED = 10

export const layerLikeNetwork: Claim = {
  number: 17,
  sentence: 'Top eigenvectors of a layer and of the network point in similar directions.',
  note:
    `Takes for each of the top ${TOP} eigenvectors of the layer its largest overlap with the top ${TOP} of the network. ` +
    `Holds when the mean is at least ${RELATED} times 1/√n, the overlap of unrelated directions. ` +
    'Similar is not equal: no overlap exceeds the length of the network’s eigenvector within that layer.',
  check: (input) => {
    const withTop = [...input.wholeSpectra, ...input.spectra.filter(({ end }) => end[TOP - 1] === 'largest')]
    const networks = withTop.filter(({ settings }) => settings.selection === 'all')
    const isOfNetwork = ({ dimension, cols }: OverlapResult) => cols >= TOP && networks.some((network) => network.dimension === dimension)
    const overlap = finished(input, 'layerNetwork').find((candidate) => candidate.rows >= TOP && isOfNetwork(candidate))
    if (overlap === undefined) return notMeasured(`needs at least ${TOP} of the largest eigenpairs of one layer and of the whole network`)
    const [mean, unrelated] = [meanLargest(overlap, TOP), 1 / Math.sqrt(overlap.dimension)]
    const evidence = `mean largest overlap ${formatNumber(mean)}; unrelated: ${formatNumber(unrelated)}`
    return judged(mean >= RELATED * unrelated, evidence, { 'mean largest overlap': mean })
  },
}
