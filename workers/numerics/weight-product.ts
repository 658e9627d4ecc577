/** hᵢ·w/‖w‖ (Eq. 7.2) of rows h [k, n] with w [n]: (k). All zero when w is. */
export function weightProduct(vectors: Float64Array, w: Float64Array): Float64Array {
  const size = w.length
  let squares = 0
  for (const value of w) squares += value * value
  const norm = Math.sqrt(squares)
  return Float64Array.from({ length: vectors.length / size }, (_, row) => {
    let sum = 0
    for (let i = 0; i < size; i++) sum += vectors[row * size + i] * w[i]
    return norm === 0 ? 0 : sum / norm
  })
}
