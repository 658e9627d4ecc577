import type { UpdateKernel } from '../../kernels.ts'
import type { Operand } from '../../tensor.ts'
import { elementOf, isFlat, rowStart } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import { elementwiseSegment } from './elementwise.ts'

/** One optimiser step, weight by weight, with the scalars of the frame. */
export function updateSegment(bindings: Bindings, kernel: UpdateKernel, options: SegmentOptions): Segment {
  const { rule, gradient, gradientScale, weights, first, second, decayed } = kernel
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
        `let g = ${decayed ? `${scaled} + 2.0 * frame.weightDecay * w` : scaled};`,
        ...(first === null ? [] : [`let m = ${place(first, 'first')};`]),
        ...(second === null ? [] : [`let s = ${place(second, 'second')};`]),
        ...stepStatements(kernel),
        `${place(weights, 'weights')} = ${decayed ? 'frame.keptShare * w' : 'w'} + step;`,
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

const SECOND_MOMENT = 'let movedSecond = frame.secondMomentum * s + frame.secondMomentumRest * g * g;'

/** The step of a weight and its moved moments, from gradient g, moments m and s, as `Operations.update` says. */
function stepStatements({ rule, first }: UpdateKernel): readonly string[] {
  const momentum = first === null ? '' : 'frame.momentum * m '
  switch (rule) {
    case 'sgd':
      return [`let step = ${momentum}- frame.learningRate * g;`, 'let movedFirst = step;']
    case 'nesterov':
      return ['let movedFirst = frame.momentum * m - frame.learningRate * g;', 'let step = frame.momentum * movedFirst - frame.learningRate * g;']
    case 'adam':
      return [
        'let movedFirst = frame.momentum * m + frame.momentumRest * g;',
        SECOND_MOMENT,
        'let step = -frame.learningRate * movedFirst / (sqrt(movedSecond) + frame.epsilon);',
      ]
    case 'rmsprop':
      return [SECOND_MOMENT, `let step = ${momentum}- frame.learningRate * g / (sqrt(movedSecond) + frame.epsilon);`, 'let movedFirst = step;']
    case 'lion':
      return [
        'let step = -frame.learningRate * sign(frame.momentum * m + frame.momentumRest * g);',
        'let movedFirst = frame.secondMomentum * m + frame.secondMomentumRest * g;',
      ]
  }
}
