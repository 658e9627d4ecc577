/**
 * Exponential moving average yᵢ = s·yᵢ₋₁ + (1 − s)·xᵢ, started at the first value. `amount` s is in [0, 1).
 * Values that are not finite stay as they are and leave the average untouched.
 */
export function smoothed(values: ArrayLike<number>, amount: number): number[] {
  let average = NaN
  return Array.from(values, (value) => {
    if (!Number.isFinite(value)) return value
    average = Number.isFinite(average) ? amount * average + (1 - amount) * value : value
    return average
  })
}
