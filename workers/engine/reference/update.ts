import type { Frame } from '../engine.ts'
import type { UpdateOperands, UpdateRule } from '../operations.ts'
import type { Tensor } from '../tensor.ts'
import type { Matrix } from './matrix.ts'

interface Update extends UpdateOperands {
  readonly rule: UpdateRule
  readonly decayed: boolean
}

/** One optimiser step on every weight of a parameter. */
export function update(node: Update, open: (tensor: Tensor) => Matrix, frame: Frame): void {
  const [gradient, weights] = [open(node.gradient), open(node.weights)]
  const [first, second] = [node.first && open(node.first), node.second && open(node.second)]
  const scale = node.gradientScale === null ? 1 : open(node.gradientScale).values[open(node.gradientScale).start(0)]
  const [decay, shrink] = node.decayed ? [2 * frame.weightDecay, 1 - frame.decoupledDecay] : [0, 1]
  for (let r = 0; r < weights.rows; r++) {
    for (let c = 0; c < weights.cols; c++) {
      const place = weights.start(r) + c
      const w = weights.values[place]
      const g = scale * gradient.values[gradient.start(r) + c] + decay * w
      const next = stepOf(node.rule, g, momentOf(first, r, c), momentOf(second, r, c), first !== null, frame)
      weights.values[place] = shrink * w + next.step
      if (first) first.values[first.start(r) + c] = next.first
      if (second) second.values[second.start(r) + c] = next.second
    }
  }
}

interface Step {
  readonly step: number
  readonly first: number
  readonly second: number
}

function stepOf(rule: UpdateRule, g: number, m: number, s: number, hasFirst: boolean, frame: Frame): Step {
  const { learningRate: eta, momentum: beta, secondMomentum: beta2, epsilon } = frame
  switch (rule) {
    case 'sgd': {
      const velocity = (hasFirst ? beta * m : 0) - eta * g
      return { step: velocity, first: velocity, second: s }
    }
    case 'nesterov': {
      const velocity = beta * m - eta * g
      return { step: beta * velocity - eta * g, first: velocity, second: s }
    }
    case 'adam': {
      const first = beta * m + (1 - beta) * g
      const second = beta2 * s + (1 - beta2) * g * g
      return { step: (-eta * first) / (Math.sqrt(second) + epsilon), first, second }
    }
    case 'rmsprop': {
      const second = beta2 * s + (1 - beta2) * g * g
      const velocity = (hasFirst ? beta * m : 0) - (eta * g) / (Math.sqrt(second) + epsilon)
      return { step: velocity, first: velocity, second }
    }
    case 'lion':
      return { step: -eta * Math.sign(beta * m + (1 - beta) * g), first: beta2 * m + (1 - beta2) * g, second: s }
  }
}

function momentOf(moment: Matrix | null, row: number, col: number): number {
  return moment === null ? 0 : moment.values[moment.start(row) + col]
}
