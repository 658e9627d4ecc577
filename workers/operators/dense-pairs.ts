/** What one block of samples is made of. */
export interface PairShape {
  readonly rows: number
  /** Units of the layer. */
  readonly outputs: number
  /** N of the mean. */
  readonly samples: number
}

type Numbers = Float32Array | Float64Array

/**
 * The upper triangles of (1/N) Σ_k w_k w_kᵀ, row by row, [rows, outputs(outputs + 1)/2]; w_k of a sample is a row of
 * directions[k] [rows, outputs].
 */
export function pairsOfSquares(directions: readonly Numbers[], { rows, outputs, samples }: PairShape): Float64Array {
  const width = (outputs * (outputs + 1)) / 2
  const pairs = new Float64Array(rows * width)
  for (const direction of directions) {
    for (let row = 0, at = 0; row < rows; row++) {
      for (let o = row * outputs, end = o + outputs; o < end; o++) {
        const left = direction[o] / samples
        for (let other = o; other < end; other++) pairs[at++] += left * direction[other]
      }
    }
  }
  return pairs
}

/**
 * √p_c (J_c − Σ_d p_d J_d): the directions whose squares add up to Jᵀ(diag p − ppᵀ)J without cancellation. J_c is
 * gradients[c] [rows, outputs], p [rows, classes].
 */
export function centredDirections(gradients: readonly Numbers[], probabilities: Numbers, { rows, outputs }: PairShape): readonly Float64Array[] {
  const classes = gradients.length
  const mean = new Float64Array(rows * outputs)
  const eachEntry = (c: number, visit: (entry: number, probability: number) => void): void => {
    for (let row = 0, entry = 0; row < rows; row++) for (let o = 0; o < outputs; o++) visit(entry++, probabilities[row * classes + c])
  }
  gradients.forEach((gradient, c) => eachEntry(c, (entry, p) => (mean[entry] += p * gradient[entry])))
  return gradients.map((gradient, c) => {
    const direction = new Float64Array(rows * outputs)
    eachEntry(c, (entry, p) => (direction[entry] = Math.sqrt(p) * (gradient[entry] - mean[entry])))
    return direction
  })
}

/** The upper triangles of (1/N)(S + Sᵀ)/2, row by row; columns[o] [rows, outputs] holds column o of every sample's S. */
export function pairsOfColumns(columns: readonly Numbers[], { rows, outputs, samples }: PairShape): Float64Array {
  const pairs = new Float64Array((rows * outputs * (outputs + 1)) / 2)
  for (let row = 0, at = 0; row < rows; row++) {
    for (let o = 0; o < outputs; o++) {
      for (let other = o; other < outputs; other++) {
        pairs[at++] = (columns[o][row * outputs + other] + columns[other][row * outputs + o]) / (2 * samples)
      }
    }
  }
  return pairs
}
