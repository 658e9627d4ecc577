import type { Deviates, SyntheticRule } from './draw.ts'

const FEATURES = 30
const HIDDEN = 20
const CLASSES = 10

/** (CLASSES, HIDDEN); each row sums to 0, since ReLU outputs have a positive mean that would favour a few classes. */
function outputKernel(deviates: Deviates): Float64Array {
  const kernel = Float64Array.from({ length: CLASSES * HIDDEN }, () => deviates.normal())
  for (let row = 0; row < kernel.length; row += HIDDEN) {
    const weights = kernel.subarray(row, row + HIDDEN)
    const mean = weights.reduce((sum, value) => sum + value, 0) / HIDDEN
    weights.forEach((value, h) => (weights[h] = value - mean))
  }
  return kernel
}

function dot(kernel: Float64Array, row: number, values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += kernel[row * values.length + i] * values[i]
  return sum
}

/** Normal inputs, labelled by the largest output of a random network with one hidden ReLU layer; free of noise. */
export const teacher: SyntheticRule = {
  features: FEATURES,
  classes: CLASSES,
  note: `Teacher–student: ${FEATURES} normal features, the class is the largest output of a random ReLU network ${FEATURES}-${HIDDEN}-${CLASSES}.`,
  identity: `teacher-1 ${FEATURES} ${HIDDEN} ${CLASSES}`,
  prepare(deviates) {
    const first = Float64Array.from({ length: HIDDEN * FEATURES }, () => deviates.normal())
    const second = outputKernel(deviates)
    const hidden = new Float64Array(HIDDEN)
    return (input, _, stream) => {
      for (let i = 0; i < FEATURES; i++) input[i] = stream.normal()
      for (let h = 0; h < HIDDEN; h++) hidden[h] = Math.max(0, dot(first, h, input))
      let best = 0
      let largest = -Infinity
      for (let label = 0; label < CLASSES; label++) {
        const output = dot(second, label, hidden)
        if (output > largest) [best, largest] = [label, output]
      }
      return best
    }
  },
}
