import type { Optimiser, TrainingSettings } from '../../contracts/experiment.ts'
import type { Edit } from './edits.ts'

/** Which settings an optimiser reads, and how it decays weights. */
export interface OptimiserTraits {
  /** What `momentum` is called. */
  readonly momentum: string
  /** What `secondMomentum` is called; null where it is not used. */
  readonly secondMomentum: string | null
  readonly usesEpsilon: boolean
  /** Decoupled: kernels shrink beside the gradient step instead of through it. */
  readonly decay: 'coupled' | 'decoupled'
  /** Values to start with after switching to it; what is not named stays. */
  readonly defaults: Partial<TrainingSettings>
}

const MOMENTUM = { momentum: 'Momentum β', secondMomentum: null, usesEpsilon: false, decay: 'coupled' } as const
const ADAPTIVE = { momentum: 'β₁, first moment', secondMomentum: 'β₂, second moment', usesEpsilon: true } as const
const ADAM_DEFAULTS = { learningRate: 1e-3, momentum: 0.9, secondMomentum: 0.999, epsilon: 1e-8 } as const

export const OPTIMISERS: Readonly<Record<Optimiser, OptimiserTraits>> = {
  sgd: { ...MOMENTUM, defaults: {} },
  nesterov: { ...MOMENTUM, defaults: {} },
  adam: { ...ADAPTIVE, decay: 'coupled', defaults: ADAM_DEFAULTS },
  adamw: { ...ADAPTIVE, decay: 'decoupled', defaults: ADAM_DEFAULTS },
  rmsprop: {
    momentum: 'Momentum β',
    secondMomentum: 'β₂, squared gradient',
    usesEpsilon: true,
    decay: 'coupled',
    defaults: { learningRate: 1e-3, momentum: 0, secondMomentum: 0.99, epsilon: 1e-8 },
  },
  lion: {
    momentum: 'β₁, direction of the step',
    secondMomentum: 'β₂, memory',
    usesEpsilon: false,
    decay: 'decoupled',
    defaults: { learningRate: 1e-4, momentum: 0.9, secondMomentum: 0.99 },
  },
}

/** Momentum without which Nesterov's method is plain gradient descent. */
const NESTEROV_MOMENTUM = 0.9

/** Another optimiser with its usual settings. Gradient descent keeps the learning rate. */
export function editOptimiser(optimiser: Optimiser): Edit {
  return (experiment) => {
    const { training } = experiment
    const momentum = optimiser === 'nesterov' && training.momentum === 0 ? { momentum: NESTEROV_MOMENTUM } : {}
    return { ...experiment, training: { ...training, ...momentum, ...OPTIMISERS[optimiser].defaults, optimiser } }
  }
}

/** What weight decay does to the kernels, in a sentence. */
export function decaySentence({ optimiser, weightDecay }: Pick<TrainingSettings, 'optimiser' | 'weightDecay'>): string {
  if (weightDecay === 0) return 'No weight decay.'
  return OPTIMISERS[optimiser].decay === 'decoupled'
    ? 'Decoupled: every step also shrinks the kernels by 2ηλW; loss and Hessian hold no term of it.'
    : 'The loss holds λ‖W‖²: 2λW in the gradient, 2λ on the diagonal of the Hessian.'
}
