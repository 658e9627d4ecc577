import type { SoftmaxCrossEntropyKernel } from '../../kernels.ts'
import type { Operand } from '../../tensor.ts'
import { rowStart } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import { f32, plus, u32 } from '../wgsl.ts'
import { perRowSegment } from './per-row.ts'

/** One thread per sample. Few classes stay in registers; many are read three times. */
export function crossEntropySegment(bindings: Bindings, kernel: SoftmaxCrossEntropyKernel, options: SegmentOptions): Segment {
  const { logits } = kernel
  return perRowSegment(
    `softmaxCrossEntropy ${logits.rows}×${logits.cols}`,
    logits,
    bindings,
    (values) => crossEntropyStatements(bindings, kernel, 'row', values),
    () => loopStatements(bindings, kernel),
    options,
  )
}

/** Statements for one row whose logits are the given names. */
export function crossEntropyStatements(bindings: Bindings, kernel: SoftmaxCrossEntropyKernel, row: string, logits: readonly string[]): string {
  const rest = logits.slice(1)
  return [
    labelStatement(bindings, kernel, row),
    `var top = ${logits[0]}; var best = 0u; var picked = ${logits[0]};`,
    ...rest.map((logit, i) => `if (${logit} > top) { top = ${logit}; best = ${u32(i + 1)}; }`),
    ...rest.map((logit, i) => `if (label == ${u32(i + 1)}) { picked = ${logit}; }`),
    ...logits.map((logit, j) => `let e${j} = exp(${logit} - top);`),
    `let total = ${logits.map((_, j) => `e${j}`).join(' + ')};`,
    ...stored(bindings, kernel.probabilities, row, 'p', logits.length, (j) => `e${j} / total`),
    ...stored(bindings, kernel.gradient, row, 'g', logits.length, (j) => `${f32(kernel.scale)} * (e${j} / total - select(0.0, 1.0, label == ${u32(j)}))`),
    readingStatements(bindings, kernel, row),
  ].join('\n')
}

function loopStatements(bindings: Bindings, kernel: SoftmaxCrossEntropyKernel): string {
  const { logits, probabilities, gradient, scale } = kernel
  const name = bindings.read(logits.buffer)
  const store = (operand: Operand | null, word: string, value: string): string =>
    operand === null ? '' : `${bindings.write(operand.buffer)}[${word} + c] = ${value};`
  const start = (operand: Operand | null, word: string): string => (operand === null ? '' : `let ${word} = ${rowStart(bindings, operand, 'row')};`)
  const loop = (body: string, from = 0): string => `for (var c = ${u32(from)}; c < ${u32(logits.cols)}; c++) { ${body} }`
  return [
    labelStatement(bindings, kernel, 'row'),
    `let z = ${rowStart(bindings, logits, 'row')};`,
    start(probabilities, 'p'),
    start(gradient, 'g'),
    `var top = ${name}[z]; var best = 0u; let picked = ${name}[z + label];`,
    loop(`if (${name}[z + c] > top) { top = ${name}[z + c]; best = c; }`, 1),
    'var total = 0.0;',
    loop(`total += exp(${name}[z + c] - top);`),
    loop(
      [
        `let probability = exp(${name}[z + c] - top) / total;`,
        store(probabilities, 'p', 'probability'),
        store(gradient, 'g', `${f32(scale)} * (probability - select(0.0, 1.0, c == label))`),
      ].join(' '),
    ),
    readingStatements(bindings, kernel, 'row'),
  ].join('\n')
}

function labelStatement(bindings: Bindings, { labels }: SoftmaxCrossEntropyKernel, row: string): string {
  return `let label = ${bindings.read(labels.buffer)}[${rowStart(bindings, labels, row)}];`
}

function readingStatements(bindings: Bindings, { rowLoss, rowCorrect }: SoftmaxCrossEntropyKernel, row: string): string {
  const store = (operand: Operand | null, value: string): string =>
    operand === null ? '' : `${bindings.write(operand.buffer)}[${rowStart(bindings, operand, row)}] = ${value};`
  return [store(rowLoss, '(top - picked) + log(total)'), store(rowCorrect, 'select(0.0, 1.0, best == label)')].join('\n')
}

function stored(bindings: Bindings, operand: Operand | null, row: string, word: string, count: number, value: (j: number) => string): readonly string[] {
  if (operand === null) return []
  const name = bindings.write(operand.buffer)
  const start = `let ${word} = ${rowStart(bindings, operand, row)};`
  return [start, ...Array.from({ length: count }, (_, j) => `${name}[${plus(word, u32(j))}] = ${value(j)};`)]
}
