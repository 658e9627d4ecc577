import type { Optimiser } from './experiment.ts'

/**
 * Largest curvature at which steps on a parabola do not grow: 2(1+β)/η with momentum, 2(1+β)/((1+2β)η) with
 * Nesterov's. Other optimisers divide by the size of past gradients or take their sign only; for them h alone decides
 * nothing.
 */
export function stabilityLimit(optimiser: Optimiser, momentum: number, rate: number): number | null {
  if (rate <= 0) return null
  switch (optimiser) {
    case 'sgd':
      return (2 * (1 + momentum)) / rate
    case 'nesterov':
      return (2 * (1 + momentum)) / ((1 + 2 * momentum) * rate)
    case 'adam':
    case 'adamw':
    case 'rmsprop':
    case 'lion':
      return null
  }
}
