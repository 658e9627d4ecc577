import type { ActivationName } from '../operations.ts'

/** A smooth activation function with its first two derivatives. */
export interface Activation {
  value(x: number): number
  slope(x: number): number
  curvature(x: number): number
}

const tanh: Activation = {
  value: Math.tanh,
  slope: (x) => 1 - Math.tanh(x) ** 2,
  curvature: (x) => -2 * Math.tanh(x) * (1 - Math.tanh(x) ** 2),
}

const logistic = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))

const sigmoid: Activation = {
  value: logistic,
  slope: (x) => logistic(x) * logistic(-x),
  curvature: (x) => logistic(x) * logistic(-x) * (logistic(-x) - logistic(x)),
}

const softplus: Activation = {
  value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  slope: logistic,
  curvature: sigmoid.slope,
}

const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

/** Hendrycks and Gimpel 2016 (arXiv 1606.08415), the exact form. */
const gelu: Activation = {
  value: (x) => x * cumulative(x),
  slope: (x) => cumulative(x) + x * density(x),
  curvature: (x) => (2 - x * x) * density(x),
}

const activations: Record<ActivationName, Activation> = { tanh, sigmoid, softplus, gelu }

export function activation(name: ActivationName): Activation {
  return activations[name]
}

/** Where the series for Φ becomes slower than the continued fraction. */
const SERIES_LIMIT = 3

/** Φ(x), the normal distribution function, to about 1e-15 (Abramowitz and Stegun 26.2.11 and 26.2.14). */
export function cumulative(x: number): number {
  if (x < -SERIES_LIMIT) return upperTail(-x)
  if (x > SERIES_LIMIT) return 1 - upperTail(x)
  let term = x
  let total = x
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(total); k += 2) {
    term *= (x * x) / k
    total += term
  }
  return 0.5 + density(x) * total
}

/** 1 − Φ(x) for x above the limit, by the continued fraction of Mills' ratio. */
function upperTail(x: number): number {
  let fraction = x
  for (let k = 200; k > 0; k--) fraction = x + k / fraction
  return density(x) / fraction
}
