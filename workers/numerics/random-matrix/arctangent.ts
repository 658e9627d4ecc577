/** Arctangent with the same bits on every machine, from + − × ÷ √ only; error of a few units in the last place. */

/** Half-angle steps arctan x = 2 arctan(x/(1 + √(1 + x²))) bring x ≤ 1 below tan(π/32) = 0.0985. */
const HALVINGS = 3
/** x²ᵏ/(2k + 1) is below 2⁻⁵⁶ from k = 9 on. */
const TERMS = 9

/** arctan x, in [−π/2, π/2]. */
export function arctangent(x: number): number {
  if (x < 0) return -arctangent(-x)
  if (x > 1) return Math.PI / 2 - arctangent(1 / x)
  let reduced = x
  for (let step = 0; step < HALVINGS; step++) reduced /= 1 + Math.sqrt(1 + reduced * reduced)
  const square = reduced * reduced
  let series = 0
  for (let k = TERMS; k >= 0; k--) series = 1 / (2 * k + 1) - square * series
  return 2 ** HALVINGS * reduced * series
}
