/**
 * Marchenko–Pastur law for the singular values ν of an N×M matrix (N ≥ M) of independent entries of standard
 * deviation s: ρ(ν) = √((ν₊² − ν²)(ν² − ν₋²)) / (π s² M ν) between the edges ν∓ = s(√N ∓ √M), and 0 elsewhere.
 * It integrates to 1. This is Eq. 4.2 of the thesis after the change of variable λ = ν²/N, dλ = 2ν dν/N.
 */
export interface BulkLaw {
  readonly lowerEdge: number
  readonly upperEdge: number
  /** Density per unit of singular value. */
  readonly density: (value: number) => number
}

export function bulkLaw(rows: number, cols: number, deviation: number): BulkLaw {
  const [large, small] = [Math.max(rows, cols), Math.min(rows, cols)]
  const lowerEdge = deviation * (Math.sqrt(large) - Math.sqrt(small))
  const upperEdge = deviation * (Math.sqrt(large) + Math.sqrt(small))
  const scale = Math.PI * deviation * deviation * small
  const density = (value: number): number => {
    if (value < lowerEdge || value > upperEdge || value < 0) return 0
    // A square matrix has its lower edge at 0, where the factor ν cancels.
    if (lowerEdge === 0) return Math.sqrt(upperEdge * upperEdge - value * value) / scale
    return Math.sqrt((upperEdge * upperEdge - value * value) * (value * value - lowerEdge * lowerEdge)) / (scale * value)
  }
  return { lowerEdge, upperEdge, density }
}
