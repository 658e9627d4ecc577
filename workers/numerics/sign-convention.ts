/** Sign that makes the largest |entry| of x positive; the first one decides among equals. */
export function conventionalSign(x: Float64Array): 1 | -1 {
  let largest = 0
  let sign: 1 | -1 = 1
  for (const value of x) {
    const size = Math.abs(value)
    if (size > largest) {
      largest = size
      sign = value < 0 ? -1 : 1
    }
  }
  return sign
}

/** Flips the rows of [count, n] whose largest |entry| is negative, in place. */
export function fixRowSigns(rows: Float64Array, n: number): void {
  for (let start = 0; start < rows.length; start += n) {
    const row = rows.subarray(start, start + n)
    if (conventionalSign(row) < 0) for (let i = 0; i < n; i++) row[i] = -row[i]
  }
}
