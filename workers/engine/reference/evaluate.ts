import type { Frame } from '../engine.ts'
import type { RecordedNode } from '../recording.ts'
import type { Tensor } from '../tensor.ts'
import { activation } from './activations.ts'
import { at, fill, matrixOf, rowStarts, sum, type Matrix, type Memory } from './matrix.ts'
import { update } from './update.ts'
import { augment, averageBack, averagePool, flipKernel, maxPool, patchMatrix, putAt, takeAt } from './windows.ts'

/** Executes one operation in float64. */
export function evaluate(node: RecordedNode, memory: Memory, frame: Frame): void {
  const open = (tensor: Tensor): Matrix => matrixOf(tensor, memory, frame)
  switch (node.op) {
    case 'matmul':
      return matmul(node.patches === null ? open(node.a) : patchMatrix(open(node.a), node.patches), open(node.b), node.transposeA, node.transposeB, open(node.out))
    case 'addBias': {
      const [x, bias] = [open(node.x), open(node.bias)]
      return fill(open(node.out), (r, c) => at(x, r, c) + at(bias, 0, c))
    }
    case 'add': {
      const [a, b] = [open(node.a), open(node.b)]
      return fill(open(node.out), (r, c) => at(a, r, c) + at(b, r, c))
    }
    case 'multiply': {
      const [a, b] = [open(node.a), open(node.b)]
      return fill(open(node.out), (r, c) => at(a, r, c) * at(b, r, c))
    }
    case 'scale': {
      const x = open(node.x)
      return fill(open(node.out), (r, c) => node.factor * at(x, r, c))
    }
    case 'relu': {
      const x = open(node.x)
      return fill(open(node.out), (r, c) => relu(at(x, r, c)))
    }
    case 'maskPositive': {
      const [x, by] = [open(node.x), open(node.by)]
      return fill(open(node.out), (r, c) => (at(by, r, c) > 0 ? at(x, r, c) : 0))
    }
    case 'columnSum': {
      const x = open(node.x)
      return fill(open(node.out), (_, c) => sum(x.rows, (r) => at(x, r, c)))
    }
    case 'mix': {
      const [x, y] = [open(node.x), open(node.y)]
      return fill(open(node.out), (r, c) => node.factor * at(x, r, c) + (1 - node.factor) * at(y, r, c))
    }
    case 'inverseSqrt': {
      const x = open(node.x)
      return fill(open(node.out), (r, c) => 1 / Math.sqrt(at(x, r, c) + node.epsilon))
    }
    case 'clipFactor': {
      const x = open(node.x)
      return fill(open(node.out), (r, c) => Math.min(1, node.limit / (Math.sqrt(at(x, r, c)) + 1e-6)))
    }
    case 'activate': {
      const x = open(node.x)
      return fill(open(node.out), (r, c) => activation(node.activation).value(at(x, r, c)))
    }
    case 'slope': {
      const [x, by] = [open(node.x), open(node.by)]
      return fill(open(node.out), (r, c) => at(x, r, c) * activation(node.activation).slope(at(by, r, c)))
    }
    case 'curvature': {
      const [x, by] = [open(node.x), open(node.by)]
      return fill(open(node.out), (r, c) => at(x, r, c) * activation(node.activation).curvature(at(by, r, c)))
    }
    case 'columnDot': {
      const [x, y, shift] = [open(node.x), open(node.y), node.shift && open(node.shift)]
      return fill(open(node.out), (_, c) => sum(x.rows, (r) => (at(x, r, c) + (shift ? at(shift, 0, c) : 0)) * at(y, r, c)))
    }
    case 'columnAffine': {
      const terms = node.terms.map(({ x, factor }) => ({ x: open(x), factor: factor && open(factor) }))
      const shift = node.shift && open(node.shift)
      const term = (i: number, r: number, c: number): number => at(terms[i].x, r, c) * (terms[i].factor === null ? 1 : at(terms[i].factor, 0, c))
      return fill(open(node.out), (r, c) => sum(terms.length, (i) => term(i, r, c)) + (shift ? at(shift, 0, c) : 0))
    }
    case 'squaredNorm': {
      const x = open(node.x)
      return fill(open(node.out), () => sum(x.rows, (r) => sum(x.cols, (c) => at(x, r, c) ** 2)))
    }
    case 'flipKernel':
      return flipKernel(open(node.x), node.kernelHeight * node.kernelWidth, open(node.out))
    case 'maxPool':
      return maxPool(open(node.x), node.windows, open(node.output), open(node.argmax))
    case 'takeAt':
      return takeAt(open(node.x), open(node.argmax), node.windows, open(node.out))
    case 'putAt':
      return putAt(open(node.x), open(node.argmax), node.windows, open(node.out))
    case 'averagePool':
      return averagePool(open(node.x), node.windows, open(node.out))
    case 'averageBack':
      return averageBack(open(node.x), node.windows, open(node.out))
    case 'augment':
      return augment(open(node.x), indexReader(node.codes, memory, frame), node, open(node.out))
    case 'update':
      return update(node, open, frame)
    case 'softmaxCrossEntropy':
      return softmaxCrossEntropy(node, memory, frame)
    case 'softmaxTangent':
      return softmaxTangent(open(node.probabilities), open(node.tangent), node.scale, open(node.out))
    case 'rankOne': {
      const [x, tangent] = [open(node.x), open(node.tangent)]
      const along = Array.from({ length: x.rows }, (_, r) => sum(x.cols, (c) => at(x, r, c) * at(tangent, r, c)))
      return fill(open(node.out), (r, c) => node.scale * at(x, r, c) * along[r])
    }
    case 'store': {
      const [x, to] = [open(node.x), open(node.to)]
      return fill(to, (r, c) => (node.mode === 'assign' ? 0 : at(to, r, c)) + at(x, r, c))
    }
    case 'sgd':
      return sgd(open(node.gradient), open(node.weights), node.velocity && open(node.velocity), node.decayed ? frame.weightDecay : 0, frame)
  }
}

/** ReLU that lets a NaN through, so that a diverged network is seen and not silenced. */
function relu(x: number): number {
  return x < 0 ? 0 : x
}

function matmul(a: Matrix, b: Matrix, transposeA: boolean, transposeB: boolean, out: Matrix): void {
  const left = dense(a, transposeA)
  const right = dense(b, !transposeB)
  const k = transposeA ? a.rows : a.cols
  for (let i = 0; i < out.rows; i++) {
    const start = out.start(i)
    for (let j = 0; j < out.cols; j++) {
      let total = 0
      for (let l = 0; l < k; l++) total += left[i * k + l] * right[j * k + l]
      out.values[start + j] = total
    }
  }
}

/** A row-major copy, transposed where asked: gives both factors of a product contiguous inner loops. */
function dense(x: Matrix, transpose: boolean): Float64Array {
  const copy = new Float64Array(x.rows * x.cols)
  for (let r = 0; r < x.rows; r++) {
    const start = x.start(r)
    for (let c = 0; c < x.cols; c++) copy[transpose ? c * x.rows + r : r * x.cols + c] = x.values[start + c]
  }
  return copy
}

function softmaxCrossEntropy(node: Extract<RecordedNode, { op: 'softmaxCrossEntropy' }>, memory: Memory, frame: Frame): void {
  const logits = matrixOf(node.logits, memory, frame)
  const probabilities = matrixOf(node.probabilities, memory, frame)
  const gradient = matrixOf(node.gradient, memory, frame)
  const rowLoss = node.rowLoss && matrixOf(node.rowLoss, memory, frame)
  const rowCorrect = node.rowCorrect && matrixOf(node.rowCorrect, memory, frame)
  const labels = indexReader(node.labels, memory, frame)
  for (let r = 0; r < logits.rows; r++) {
    const label = labels(r)
    const best = argmax(logits, r)
    const top = at(logits, r, best)
    const total = sum(logits.cols, (c) => Math.exp(at(logits, r, c) - top))
    for (let c = 0; c < logits.cols; c++) {
      const p = Math.exp(at(logits, r, c) - top) / total
      probabilities.values[probabilities.start(r) + c] = p
      gradient.values[gradient.start(r) + c] = node.scale * (p - (c === label ? 1 : 0))
    }
    if (rowLoss) rowLoss.values[rowLoss.start(r)] = Math.log(total) + top - at(logits, r, label)
    if (rowCorrect) rowCorrect.values[rowCorrect.start(r)] = best === label ? 1 : 0
  }
}

function indexReader(tensor: Tensor, memory: Memory, frame: Frame): (row: number) => number {
  if (tensor.location === null) throw new Error('labels and codes must live in an index buffer')
  const values = memory.indices(tensor.location.buffer)
  const start = rowStarts(tensor.location, memory, frame)
  return (row) => values[start(row)]
}

function argmax(x: Matrix, row: number): number {
  let best = 0
  for (let c = 1; c < x.cols; c++) if (at(x, row, c) > at(x, row, best)) best = c
  return best
}

function softmaxTangent(probabilities: Matrix, tangent: Matrix, scale: number, out: Matrix): void {
  for (let r = 0; r < out.rows; r++) {
    const mean = sum(out.cols, (c) => at(probabilities, r, c) * at(tangent, r, c))
    for (let c = 0; c < out.cols; c++) {
      out.values[out.start(r) + c] = scale * at(probabilities, r, c) * (at(tangent, r, c) - mean)
    }
  }
}

function sgd(gradient: Matrix, weights: Matrix, velocity: Matrix | null, weightDecay: number, frame: Frame): void {
  for (let r = 0; r < weights.rows; r++) {
    for (let c = 0; c < weights.cols; c++) {
      const place = weights.start(r) + c
      const descent = -frame.learningRate * (at(gradient, r, c) + 2 * weightDecay * weights.values[place])
      const step = velocity ? frame.momentum * at(velocity, r, c) + descent : descent
      if (velocity) velocity.values[velocity.start(r) + c] = step
      weights.values[place] += step
    }
  }
}
