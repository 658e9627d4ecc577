import type { SyntheticRule } from './draw.ts'

const ARMS = 3
/** Positions along one arm, which makes one full turn; a multiple of the arms. */
const STEPS = 3072
/** cos and sin of 2π/3072, correctly rounded: engines may differ in the last bit of Math.cos and Math.sin. */
const STEP_COSINE = 0.9999979083589002
const STEP_SINE = 0.002045306291164095
/** Radius at the outer end, about two deviations of standardised data. */
const RADIUS = 2
const NOISE = 0.1

/** (STEPS, 2) unit vectors, each the former turned by one step. */
function directions(): Float64Array {
  const out = new Float64Array(2 * STEPS)
  for (let at = 0, x = 1, y = 0; at < out.length; at += 2) {
    out[at] = x
    out[at + 1] = y
    const turned = x * STEP_COSINE - y * STEP_SINE
    y = x * STEP_SINE + y * STEP_COSINE
    x = turned
  }
  return out
}

/** Three arms of one turn in the plane, one a class, the radius growing with the angle, with Gaussian noise. */
export const spirals: SyntheticRule = {
  features: 2,
  classes: ARMS,
  note: `Spirals: ${ARMS} arms of one turn out to radius ${RADIUS}, with Gaussian noise of deviation ${NOISE}.`,
  identity: `spirals-1 ${ARMS} ${STEPS} ${RADIUS} ${NOISE}`,
  prepare() {
    const table = directions()
    return (input, index, stream) => {
      const arm = index % ARMS
      const position = stream.uniform()
      const step = (Math.floor(position * STEPS) + (arm * STEPS) / ARMS) % STEPS
      input[0] = RADIUS * position * table[2 * step] + NOISE * stream.normal()
      input[1] = RADIUS * position * table[2 * step + 1] + NOISE * stream.normal()
      return arm
    }
  },
}
