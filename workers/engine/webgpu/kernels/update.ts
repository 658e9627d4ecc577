import type { UpdateKernel } from '../../kernels.ts'
import type { UpdateRule } from '../../operations.ts'
import type { Operand } from '../../tensor.ts'
import { elementOf, isFlat, rowStart } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { FrameScalar } from '../frame-table.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import { elementwiseSegment } from './elementwise.ts'

/** What the statements of a rule read of the frame, by the names under which `Bindings.scalar` makes it known. */
const RATES: Readonly<Record<UpdateRule, readonly FrameScalar[]>> = {
  sgd: ['learningRate', 'momentum'],
  nesterov: ['learningRate', 'momentum'],
  adam: ['learningRate', 'momentum', 'momentumRest', 'secondMomentum', 'secondMomentumRest', 'epsilon'],
  rmsprop: ['learningRate', 'momentum', 'secondMomentum', 'secondMomentumRest', 'epsilon'],
  lion: ['learningRate', 'momentum', 'momentumRest', 'secondMomentum', 'secondMomentumRest'],
}

const DECAY: readonly FrameScalar[] = ['weightDecay', 'keptShare']

/** One optimiser step, weight by weight, with the scalars of the frame. */
export function updateSegment(bindings: Bindings, kernel: UpdateKernel, options: SegmentOptions): Segment {
  const { rule, gradient, gradientScale, weights, first, second, decayed } = kernel
  for (const name of [...RATES[rule], ...(decayed ? DECAY : [])]) bindings.scalar(name)
  const start = (operand: Operand | null, name: string): readonly string[] => (operand === null ? [] : [`let ${name} = ${rowStart(bindings, operand, 'row')};`])
  const place = (operand: Operand, name: string): string => `${bindings.write(operand.buffer)}[${name} + col]`
  const raw = `${bindings.read(gradient.buffer)}[gradient + col]`
  const scaled = gradientScale === null ? raw : `scale * ${raw}`
  return elementwiseSegment(
    {
      label: `update ${rule}`,
      rows: weights.rows,
      cols: weights.cols,
      flat: [gradient, weights, first, second].every((operand) => operand === null || isFlat(operand)),
      perRow: [
        ...[...start(gradient, 'gradient'), ...start(weights, 'weights'), ...start(first, 'first'), ...start(second, 'second')],
        ...(gradientScale === null ? [] : [`let scale = ${elementOf(bindings, gradientScale, '0u', '0u')};`]),
      ],
      perElement: [
        `let w = ${place(weights, 'weights')};`,
        `let g = ${decayed ? `${scaled} + 2.0 * weightDecay * w` : scaled};`,
        ...(first === null ? [] : [`let m = ${place(first, 'first')};`]),
        ...(second === null ? [] : [`let s = ${place(second, 'second')};`]),
        ...stepStatements(kernel),
        `${place(weights, 'weights')} = ${decayed ? 'keptShare * w' : 'w'} + step;`,
        ...(first === null ? [] : [`${place(first, 'first')} = movedFirst;`]),
        ...(second === null || !movesSecond(kernel) ? [] : [`${place(second, 'second')} = movedSecond;`]),
      ],
    },
    options,
  )
}

function movesSecond({ rule }: UpdateKernel): boolean {
  return rule === 'adam' || rule === 'rmsprop'
}

const SECOND_MOMENT = 'let movedSecond = secondMomentum * s + secondMomentumRest * g * g;'

/** The step of a weight and its moved moments, from gradient g, moments m and s, as `Operations.update` says. */
function stepStatements({ rule, first }: UpdateKernel): readonly string[] {
  const kept = first === null ? '' : 'momentum * m '
  switch (rule) {
    case 'sgd':
      return [`let step = ${kept}- learningRate * g;`, 'let movedFirst = step;']
    case 'nesterov':
      return ['let movedFirst = momentum * m - learningRate * g;', 'let step = momentum * movedFirst - learningRate * g;']
    case 'adam':
      return ['let movedFirst = momentum * m + momentumRest * g;', SECOND_MOMENT, 'let step = -learningRate * movedFirst / (sqrt(movedSecond) + epsilon);']
    case 'rmsprop':
      return [SECOND_MOMENT, `let step = ${kept}- learningRate * g / (sqrt(movedSecond) + epsilon);`, 'let movedFirst = step;']
    case 'lion':
      return ['let step = -learningRate * sign(momentum * m + momentumRest * g);', 'let movedFirst = secondMomentum * m + secondMomentumRest * g;']
  }
}
