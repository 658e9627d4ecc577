import type { KernelSpectrum, SingularValuesResult } from '../contracts/results.ts'
import { counted, formatCount, formatNumber, formatSpread } from './numbers.ts'

export type Edge = SingularValuesResult['settings']['edge']

/** Definitions of the bulk edge, in the order in which they are listed. */
export const EDGES: readonly Edge[] = ['initialiser', 'entries', 'fit', 'permuted']

/** What an edge was computed from. */
export const EDGE_NAMES: Readonly<Record<Edge, string>> = {
  initialiser: 'the initialiser’s standard deviation',
  entries: 'the standard deviation of its entries',
  fit: 'a law fitted to the bulk',
  permuted: 'its entries in random order',
}

/** "3 of 50 singular values of dense_2/kernel lie above the bulk edge ν₊ = 1.97 …" */
export function kernelReading(kernel: KernelSpectrum, edge: Edge): string {
  const { outliers, singularValues, upperEdge, name, rows, cols } = kernel
  const verb = outliers === 1 ? 'lies' : 'lie'
  return (
    `${formatCount(outliers)} of ${counted(singularValues.length, 'singular value')} of ${name} (${String(rows)} × ${String(cols)}) ${verb} above the ` +
    `bulk edge ${formatNumber(upperEdge)}, computed from ${EDGE_NAMES[edge]}; the largest is ${formatNumber(Math.max(...singularValues))}.`
  )
}

/** How much that depends on the definition of the edge, how well the bulk follows its law, and the power law of the tail. */
export function statisticsReading({ singularValues, statistics }: KernelSpectrum, chosen: Edge): string {
  const { edges, permutedSpread, edgeFluctuation, bulkDistance, bulkPValue } = statistics
  const others = EDGES.filter((edge) => edge !== chosen && edges[edge] > 0).map((edge) => {
    const above = singularValues.filter((value) => value > edges[edge]).length
    const spread = edge === 'permuted' && permutedSpread > 0 ? formatSpread({ mean: edges[edge], deviation: permutedSpread }) : formatNumber(edges[edge])
    return `${formatCount(above)} above ${spread} (${EDGE_NAMES[edge]})`
  })
  const listed = others.length === 0 ? '' : `By other definitions: ${others.join(', ')}. `
  return (
    `${listed}The largest value of random kernels of this size varies by ${formatNumber(edgeFluctuation, 2)} about the edge. The bulk is at distance ` +
    `${formatNumber(bulkDistance, 2)} from the Marchenko–Pastur law (p = ${formatNumber(bulkPValue, 2)}). ${tailWords(statistics)}`
  )
}

function tailWords({ heavyTail }: KernelSpectrum['statistics']): string {
  const { exponent, standardError, from, tailCount, valid, reason } = heavyTail
  if (!valid) return `A power law of the tail says nothing here: ${reason ?? 'The fit is not valid.'}`
  const alpha = formatSpread({ mean: exponent, deviation: standardError })
  return `The tail of ν² falls like a power law with exponent α = ${alpha}, fitted to ${counted(tailCount, 'value')} from ${formatNumber(from)} on.`
}
