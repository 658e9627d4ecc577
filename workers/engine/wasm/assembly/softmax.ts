import { operandAt, rowOf } from './operand'

/** Head of all three descriptors; the operands follow from word 4 on. */
@unmanaged
class Softmax {
  kind: u32
  rows: u32
  classes: u32
  scale: f32
}

/** Exponentials of one row of logits, for two passes over it. */
let exponentials: usize = 0

/** Bytes of scratch a row needs. */
export function softmaxScratch(descriptor: usize): usize {
  return <usize>changetype<Softmax>(descriptor).classes * 8
}

/** Position of the first largest of n logits; a NaN anywhere gives n. */
function firstLargest(logits: usize, n: u32): u32 {
  let best: u32 = 0
  let largest = load<f32>(logits)
  for (let j: u32 = 0; j < n; j++) {
    const value = load<f32>(logits + (j << 2))
    if (isNaN(value)) return n
    if (value > largest) {
      largest = value
      best = j
    }
  }
  return best
}

/**
 * exp(z − max z) of a row into the scratch, and their sum. In double precision, so that p − 1 of a well-fitted
 * sample keeps its leading digits.
 */
function exponentiate(logits: usize, n: u32, largest: f64): f64 {
  let sum: f64 = 0
  for (let j: u32 = 0; j < n; j++) {
    const value = NativeMath.exp(<f64>load<f32>(logits + (j << 2)) - largest)
    store<f64>(exponentials + (j << 3), value)
    sum += value
  }
  return sum
}

// @ts-ignore: decorator
@inline
function storeProbabilities(to: usize, n: u32, sum: f64): void {
  for (let j: u32 = 0; j < n; j++) store<f32>(to + (j << 2), <f32>(load<f64>(exponentials + (j << 3)) / sum))
}

/** scale·(p − onehot(label)); at the label p − 1 is the negated sum of the other probabilities. */
// @ts-ignore: decorator
@inline
function storeGradient(to: usize, n: u32, sum: f64, label: u32, scale: f64): void {
  let others: f64 = 0
  for (let j: u32 = 0; j < n; j++) {
    if (j == label) continue
    const p = load<f64>(exponentials + (j << 3)) / sum
    others += p
    store<f32>(to + (j << 2), <f32>(scale * p))
  }
  if (label < n) store<f32>(to + (label << 2), <f32>(-scale * others))
}

/**
 * Softmax cross entropy of every row. Operands: logits, labels, probabilities, gradient, rowLoss, rowCorrect;
 * outputs with base 0 are skipped. A label outside the classes gives a NaN loss.
 */
export function softmaxCrossEntropy(descriptor: usize, scratch: usize): void {
  const head = changetype<Softmax>(descriptor)
  const n = head.classes
  const scale = <f64>head.scale
  const logits = operandAt(descriptor, 4)
  const labels = operandAt(descriptor, 8)
  const probabilities = operandAt(descriptor, 12)
  const gradient = operandAt(descriptor, 16)
  const rowLoss = operandAt(descriptor, 20)
  const rowCorrect = operandAt(descriptor, 24)
  exponentials = scratch
  for (let r: u32 = 0; r < head.rows; r++) {
    const row = rowOf(logits, r)
    const label = load<u32>(rowOf(labels, r))
    const best = firstLargest(row, n)
    const largest = best < n ? <f64>load<f32>(row + (best << 2)) : NaN
    const sum = exponentiate(row, n, largest)
    if (probabilities.base != 0) storeProbabilities(rowOf(probabilities, r), n, sum)
    if (gradient.base != 0) storeGradient(rowOf(gradient, r), n, sum, label, scale)
    if (rowLoss.base != 0) {
      const own = label < n ? <f64>load<f32>(row + (label << 2)) : NaN
      store<f32>(rowOf(rowLoss, r), <f32>(NativeMath.log(sum) + (largest - own)))
    }
    if (rowCorrect.base != 0) store<f32>(rowOf(rowCorrect, r), best == label ? 1 : 0)
  }
}

/** to ← scale·(p ⊙ (t − Σ p t)). Operands: probabilities, tangent, target. */
export function softmaxTangent(descriptor: usize): void {
  const head = changetype<Softmax>(descriptor)
  const n = head.classes
  const scale = <f64>head.scale
  for (let r: u32 = 0; r < head.rows; r++) {
    const p = rowOf(operandAt(descriptor, 4), r)
    const t = rowOf(operandAt(descriptor, 8), r)
    const to = rowOf(operandAt(descriptor, 12), r)
    let mean: f64 = 0
    for (let j: u32 = 0; j < n; j++) mean += <f64>load<f32>(p + (j << 2)) * <f64>load<f32>(t + (j << 2))
    for (let j: u32 = 0; j < n; j++) {
      const deviation = <f64>load<f32>(t + (j << 2)) - mean
      store<f32>(to + (j << 2), <f32>(scale * (<f64>load<f32>(p + (j << 2)) * deviation)))
    }
  }
}

/** to ← scale·(x ⊙ Σ x t). Operands: x, tangent, target. */
export function rankOne(descriptor: usize): void {
  const head = changetype<Softmax>(descriptor)
  const n = head.classes
  for (let r: u32 = 0; r < head.rows; r++) {
    const x = rowOf(operandAt(descriptor, 4), r)
    const t = rowOf(operandAt(descriptor, 8), r)
    const to = rowOf(operandAt(descriptor, 12), r)
    let along: f64 = 0
    for (let j: u32 = 0; j < n; j++) along += <f64>load<f32>(x + (j << 2)) * <f64>load<f32>(t + (j << 2))
    along *= <f64>head.scale
    for (let j: u32 = 0; j < n; j++) store<f32>(to + (j << 2), <f32>(<f64>load<f32>(x + (j << 2)) * along))
  }
}
