/** The scalars of the replay in progress, on all lanes. */
export let learningRate: v128 = f32x4.splat(0)
export let momentum: v128 = f32x4.splat(0)
export let restOfMomentum: v128 = f32x4.splat(1)
export let twiceDecay: v128 = f32x4.splat(0)
export let secondMomentum: v128 = f32x4.splat(0)
export let restOfSecond: v128 = f32x4.splat(1)
export let epsilon: v128 = f32x4.splat(0)
export let restOfWeights: v128 = f32x4.splat(1)

/** η, β, λ, β₂, ε; `rest…` are 1 − β, 1 − β₂ and 1 − d, which the host takes in double precision. */
export function setRates(eta: f32, beta: f32, lambda: f32, beta2: f32, smallest: f32, restOfBeta: f32, restOfBeta2: f32, restOfDecay: f32): void {
  learningRate = f32x4.splat(eta)
  momentum = f32x4.splat(beta)
  twiceDecay = f32x4.splat(2 * lambda)
  secondMomentum = f32x4.splat(beta2)
  epsilon = f32x4.splat(smallest)
  restOfMomentum = f32x4.splat(restOfBeta)
  restOfSecond = f32x4.splat(restOfBeta2)
  restOfWeights = f32x4.splat(restOfDecay)
}
