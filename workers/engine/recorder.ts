import type { CrossEntropyReadings, CrossEntropyResult, MatmulOptions, Operations } from './operations.ts'
import { colsOf, formatShape, rowsOf, sizeOf, type BufferHandle, type Location, type Tensor } from './tensor.ts'

/** One operation of a recording, in the order in which layers asked for it. */
export type RecordedNode =
  | { readonly op: 'matmul'; readonly a: Tensor; readonly b: Tensor; readonly transposeA: boolean; readonly transposeB: boolean; readonly out: Tensor }
  | { readonly op: 'addBias'; readonly x: Tensor; readonly bias: Tensor; readonly out: Tensor }
  | { readonly op: 'add' | 'multiply'; readonly a: Tensor; readonly b: Tensor; readonly out: Tensor }
  | { readonly op: 'scale'; readonly x: Tensor; readonly factor: number; readonly out: Tensor }
  | { readonly op: 'relu'; readonly x: Tensor; readonly out: Tensor }
  | { readonly op: 'maskPositive'; readonly x: Tensor; readonly by: Tensor; readonly out: Tensor }
  | { readonly op: 'columnSum'; readonly x: Tensor; readonly out: Tensor }
  | {
      readonly op: 'softmaxCrossEntropy'
      readonly logits: Tensor
      readonly labels: Tensor
      readonly scale: number
      readonly rowLoss: Tensor | null
      readonly rowCorrect: Tensor | null
      readonly probabilities: Tensor
      readonly gradient: Tensor
    }
  | { readonly op: 'softmaxTangent'; readonly probabilities: Tensor; readonly tangent: Tensor; readonly scale: number; readonly out: Tensor }
  | { readonly op: 'store'; readonly x: Tensor; readonly to: Tensor; readonly mode: 'assign' | 'accumulate' }
  | { readonly op: 'sgd'; readonly gradient: Tensor; readonly weights: Tensor; readonly velocity: Tensor | null; readonly decayed: boolean }

/** A finished recording: what one replay does to `rows` samples starting at the cursor. */
export interface Recording {
  readonly label: string
  readonly rows: number
  readonly nodes: readonly RecordedNode[]
  /** Places given to temporaries by `keep`, by tensor id. */
  readonly kept: ReadonlyMap<number, Location>
}

/** Thrown while recording when shapes do not fit: a mistake in a layer, found before anything runs. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError'
}

/** Records what layers do instead of doing it. One recorder makes one recording. */
export class Recorder implements Operations {
  readonly rows: number
  readonly label: string
  private readonly nodes: RecordedNode[] = []
  private readonly kept = new Map<number, Location>()
  private nextId = 0

  constructor(label: string, rows: number) {
    this.label = label
    this.rows = rows
  }

  /** A tensor that lives at a fixed place: parameters, or any slice of a flat vector. */
  fixed(buffer: BufferHandle, offset: number, shape: readonly number[]): Tensor {
    if (offset + sizeOf(shape) > buffer.length) {
      throw new RecordingError(`${this.label}: ${formatShape(shape)} at ${offset} exceeds buffer ${buffer.label} of ${buffer.length} elements`)
    }
    return this.tensor(shape, { buffer, offset, rowStride: colsOf(shape), addressing: { kind: 'fixed' } })
  }

  /** The rows [cursor, cursor + rows) of a buffer that holds one row of `shape` (without the leading axis) per sample. */
  sampleRows(buffer: BufferHandle, shape: readonly number[]): Tensor {
    return this.tensor([this.rows, ...shape], {
      buffer,
      offset: 0,
      rowStride: colsOf(shape),
      addressing: { kind: 'cursor', cursorStride: sizeOf(shape) },
    })
  }

  /** The rows index[cursor], index[cursor + 1], … of a resident data set with `cols` numbers per sample. */
  gatheredRows(buffer: BufferHandle, index: BufferHandle, cols: number): Tensor {
    return this.tensor([this.rows, cols], { buffer, offset: 0, rowStride: cols, addressing: { kind: 'gathered', index } })
  }

  /** A tensor of another recording that lives at a place, made known to this one. */
  adopt(tensor: Tensor): Tensor {
    if (tensor.location === null) return this.refuse('adopt', 'the tensor is a temporary of another recording; keep it first', tensor)
    return this.tensor(tensor.shape, tensor.location)
  }

  finish(): Recording {
    return { label: this.label, rows: this.rows, nodes: this.nodes, kept: this.kept }
  }

  matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
    const transposeA = options.transposeA ?? false
    const transposeB = options.transposeB ?? false
    const [m, k] = transposeA ? [colsOf(a.shape), rowsOf(a.shape)] : [rowsOf(a.shape), colsOf(a.shape)]
    const [k2, n] = transposeB ? [colsOf(b.shape), rowsOf(b.shape)] : [rowsOf(b.shape), colsOf(b.shape)]
    if (k !== k2) this.refuse('matmul', `inner sizes ${k} and ${k2} differ`, a, b)
    const out = this.temporary([m, n])
    this.nodes.push({ op: 'matmul', a, b, transposeA, transposeB, out })
    return out
  }

  addBias(x: Tensor, bias: Tensor): Tensor {
    if (sizeOf(bias.shape) !== colsOf(x.shape)) this.refuse('addBias', `bias must have ${colsOf(x.shape)} entries`, x, bias)
    const out = this.temporary(x.shape)
    this.nodes.push({ op: 'addBias', x, bias, out })
    return out
  }

  add(a: Tensor, b: Tensor): Tensor {
    return this.binary('add', a, b)
  }

  multiply(a: Tensor, b: Tensor): Tensor {
    return this.binary('multiply', a, b)
  }

  scale(x: Tensor, factor: number): Tensor {
    const out = this.temporary(x.shape)
    this.nodes.push({ op: 'scale', x, factor, out })
    return out
  }

  relu(x: Tensor): Tensor {
    const out = this.temporary(x.shape)
    this.nodes.push({ op: 'relu', x, out })
    return out
  }

  maskPositive(x: Tensor, by: Tensor): Tensor {
    this.sameSize('maskPositive', x, by)
    const out = this.temporary(x.shape)
    this.nodes.push({ op: 'maskPositive', x, by, out })
    return out
  }

  broadcastRows(bias: Tensor, rows: number): Tensor {
    if (bias.location === null) return this.refuse('broadcastRows', 'only a parameter can be repeated', bias)
    return this.tensor([rows, colsOf(bias.shape)], { ...bias.location, rowStride: 0 })
  }

  columnSum(x: Tensor): Tensor {
    const out = this.temporary([1, colsOf(x.shape)])
    this.nodes.push({ op: 'columnSum', x, out })
    return out
  }

  softmaxCrossEntropy(logits: Tensor, labels: Tensor, scale: number, readings: CrossEntropyReadings): CrossEntropyResult {
    if (rowsOf(labels.shape) !== rowsOf(logits.shape)) this.refuse('softmaxCrossEntropy', 'one label per row is needed', logits, labels)
    const probabilities = this.temporary(logits.shape)
    const gradient = this.temporary(logits.shape)
    this.nodes.push({ op: 'softmaxCrossEntropy', logits, labels, scale, ...readings, probabilities, gradient })
    return { probabilities, gradient }
  }

  softmaxTangent(probabilities: Tensor, tangent: Tensor, scale: number): Tensor {
    this.sameSize('softmaxTangent', probabilities, tangent)
    const out = this.temporary(probabilities.shape)
    this.nodes.push({ op: 'softmaxTangent', probabilities, tangent, scale, out })
    return out
  }

  store(x: Tensor, to: Tensor, mode: 'assign' | 'accumulate'): void {
    this.sameSize('store', x, to)
    if (to.location === null) this.refuse('store', 'the target has no place; use a fixed or sampleRows tensor', x, to)
    this.nodes.push({ op: 'store', x, to, mode })
  }

  keep(x: Tensor, place: Tensor): Tensor {
    this.sameSize('keep', x, place)
    if (x.location !== null || place.location === null) this.refuse('keep', 'a temporary and a place are needed', x, place)
    this.kept.set(x.id, place.location)
    return { ...x, location: place.location }
  }

  sgdUpdate(gradient: Tensor, weights: Tensor, velocity: Tensor | null, decayed: boolean): void {
    this.sameSize('sgdUpdate', gradient, weights)
    if (velocity !== null) this.sameSize('sgdUpdate', velocity, weights)
    this.nodes.push({ op: 'sgd', gradient, weights, velocity, decayed })
  }

  private binary(op: 'add' | 'multiply', a: Tensor, b: Tensor): Tensor {
    this.sameSize(op, a, b)
    const out = this.temporary(a.shape)
    this.nodes.push({ op, a, b, out })
    return out
  }

  private temporary(shape: readonly number[]): Tensor {
    return this.tensor(shape, null)
  }

  private tensor(shape: readonly number[], location: Location | null): Tensor {
    return { id: this.nextId++, shape, location }
  }

  private sameSize(operation: string, a: Tensor, b: Tensor): void {
    if (rowsOf(a.shape) !== rowsOf(b.shape) || colsOf(a.shape) !== colsOf(b.shape)) this.refuse(operation, 'shapes must be equal', a, b)
  }

  private refuse(operation: string, reason: string, ...tensors: readonly Tensor[]): never {
    const shapes = tensors.map((tensor) => formatShape(tensor.shape)).join(' and ')
    throw new RecordingError(`${this.label}: ${operation} of ${shapes}: ${reason}`)
  }
}
