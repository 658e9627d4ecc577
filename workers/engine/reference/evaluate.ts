import type { Frame } from '../engine.ts'
import type { RecordedNode } from '../recorder.ts'
import { colsOf, rowsOf, type BufferHandle, type Location, type Tensor } from '../tensor.ts'

/** How the evaluator reaches storage. */
export interface Memory {
  floats(tensor: Tensor): Float64Array
  indices(buffer: BufferHandle): Uint32Array
  /** Null for temporaries, which are dense from element 0. */
  location(tensor: Tensor): Location | null
}

/** A tensor as a matrix whose rows can be anywhere: element (r, c) is values[start(r) + c]. */
interface Matrix {
  readonly values: Float64Array
  readonly rows: number
  readonly cols: number
  readonly start: (row: number) => number
}

/** Executes one operation in float64. */
export function evaluate(node: RecordedNode, memory: Memory, frame: Frame): void {
  const open = (tensor: Tensor): Matrix => matrixOf(tensor, memory, frame)
  switch (node.op) {
    case 'matmul':
      return matmul(open(node.a), open(node.b), node.transposeA, node.transposeB, open(node.out))
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
    case 'softmaxCrossEntropy':
      return softmaxCrossEntropy(node, memory, frame)
    case 'softmaxTangent':
      return softmaxTangent(open(node.probabilities), open(node.tangent), node.scale, open(node.out))
    case 'store': {
      const [x, to] = [open(node.x), open(node.to)]
      return fill(to, (r, c) => (node.mode === 'assign' ? 0 : at(to, r, c)) + at(x, r, c))
    }
    case 'sgd':
      return sgd(open(node.gradient), open(node.weights), node.velocity && open(node.velocity), node.decayed ? frame.weightDecay : 0, frame)
  }
}

function matrixOf(tensor: Tensor, memory: Memory, frame: Frame): Matrix {
  const location = memory.location(tensor)
  const size = { values: memory.floats(tensor), rows: rowsOf(tensor.shape), cols: colsOf(tensor.shape) }
  if (location === null) return { ...size, start: (row) => row * size.cols }
  return { ...size, start: rowStarts(location, memory, frame) }
}

function rowStarts(location: Location, memory: Memory, frame: Frame): (row: number) => number {
  const { offset, rowStride, addressing } = location
  switch (addressing.kind) {
    case 'fixed':
      return (row) => offset + row * rowStride
    case 'cursor':
      return (row) => offset + frame.cursor * addressing.cursorStride + row * rowStride
    case 'gathered': {
      const index = memory.indices(addressing.index)
      return (row) => offset + index[frame.cursor + row] * rowStride
    }
  }
}

/** ReLU that lets a NaN through, so that a diverged network is seen and not silenced. */
function relu(x: number): number {
  return x < 0 ? 0 : x
}

function at(matrix: Matrix, row: number, col: number): number {
  return matrix.values[matrix.start(row) + col]
}

function fill(out: Matrix, value: (row: number, col: number) => number): void {
  for (let r = 0; r < out.rows; r++) {
    const start = out.start(r)
    for (let c = 0; c < out.cols; c++) out.values[start + c] = value(r, c)
  }
}

function sum(count: number, term: (index: number) => number): number {
  let total = 0
  for (let i = 0; i < count; i++) total += term(i)
  return total
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
  const labels = labelReader(node.labels, memory, frame)
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

function labelReader(labels: Tensor, memory: Memory, frame: Frame): (row: number) => number {
  if (labels.location === null) throw new Error('softmaxCrossEntropy: labels must live in an index buffer')
  const values = memory.indices(labels.location.buffer)
  const start = rowStarts(labels.location, memory, frame)
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
