/** Halvings of the angle before the series: |tan| ≤ 0.2 after two. */
const HALVINGS = 2
/** 0.2²ᵏ/(2k+1) is below 2⁻⁵⁶ from k = 12 on. */
const TERMS = 12

/** Angle in [0, π/2] whose sine and cosine are in the ratio of `opposite` to `adjacent`, both from 0 on and not both 0; to about 1e-16. */
export function angleOf(opposite: number, adjacent: number): number {
  if (opposite > adjacent) return Math.PI / 2 - arctangent(adjacent / opposite)
  return arctangent(opposite / adjacent)
}

/** arctan x for 0 ≤ x ≤ 1 from exactly rounded operations only. */
function arctangent(x: number): number {
  let tangent = x
  for (let i = 0; i < HALVINGS; i++) tangent /= 1 + Math.sqrt(1 + tangent * tangent)
  const square = tangent * tangent
  let series = 0
  for (let k = TERMS; k >= 0; k--) series = 1 / (2 * k + 1) - square * series
  return 4 * tangent * series
}
