import type {
  ActivationName,
  AffineTerm,
  CrossEntropyReadings,
  CrossEntropyResult,
  MatmulOptions,
  MaxPoolResult,
  Operations,
  UpdateOperands,
  UpdateRule,
} from './operations.ts'
import type { RecordedNode, Recording } from './recording.ts'
import { colsOf, formatShape, isDense, rowsOf, sizeOf, type BufferHandle, type Location, type Tensor } from './tensor.ts'
import { imageSize, patchSize, windowCount, type WindowGeometry } from './windows.ts'

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
    const patches = options.patches ?? null
    if (patches !== null) return this.patchProduct(a, b, transposeA, transposeB, patches)
    const [m, k] = transposeA ? [colsOf(a.shape), rowsOf(a.shape)] : [rowsOf(a.shape), colsOf(a.shape)]
    const [k2, n] = transposeB ? [colsOf(b.shape), rowsOf(b.shape)] : [rowsOf(b.shape), colsOf(b.shape)]
    if (k !== k2) this.refuse('matmul', `inner sizes ${k} and ${k2} differ`, a, b)
    const out = this.temporary([m, n])
    this.nodes.push({ op: 'matmul', a, b, transposeA, transposeB, patches: null, hasZeros: options.hasZeros ?? false, out })
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

  rankOne(x: Tensor, tangent: Tensor, scale: number): Tensor {
    this.sameSize('rankOne', x, tangent)
    return this.push(x.shape, (out) => ({ op: 'rankOne', x, tangent, scale, out }))
  }

  store(x: Tensor, to: Tensor, mode: 'assign' | 'accumulate'): void {
    this.sameSize('store', x, to)
    if (to.location === null) this.refuse('store', 'the target has no place; use a fixed or sampleRows tensor', x, to)
    this.nodes.push({ op: 'store', x, to, mode })
  }

  keep(x: Tensor, place: Tensor): Tensor {
    this.sameSize('keep', x, place)
    if (x.location !== null || place.location === null) return this.refuse('keep', 'a temporary and a place are needed', x, place)
    if (!isDense(place)) this.refuse('keep', 'the rows of the place must lie one behind the other', x, place)
    this.kept.set(x.id, place.location)
    return { ...x, location: place.location }
  }

  sgdUpdate(gradient: Tensor, weights: Tensor, velocity: Tensor | null, decayed: boolean): void {
    this.sameSize('sgdUpdate', gradient, weights)
    if (velocity !== null) this.sameSize('sgdUpdate', velocity, weights)
    this.nodes.push({ op: 'sgd', gradient, weights, velocity, decayed })
  }

  reshape(x: Tensor, shape: readonly number[]): Tensor {
    if (sizeOf(shape) !== sizeOf(x.shape)) this.refuse('reshape', `there is no room for them in ${formatShape(shape)}`, x)
    if (x.location === null) return { ...x, shape }
    if (isDense(x)) return { ...x, shape, location: { ...x.location, rowStride: colsOf(shape) } }
    return { ...this.scale(x, 1), shape }
  }

  mix(x: Tensor, y: Tensor, factor: number): Tensor {
    this.sameSize('mix', x, y)
    return this.push(x.shape, (out) => ({ op: 'mix', x, y, factor, out }))
  }

  inverseSqrt(x: Tensor, epsilon: number): Tensor {
    return this.push(x.shape, (out) => ({ op: 'inverseSqrt', x, epsilon, out }))
  }

  activate(x: Tensor, activation: ActivationName): Tensor {
    return this.push(x.shape, (out) => ({ op: 'activate', x, activation, out }))
  }

  activateSlope(x: Tensor, by: Tensor, activation: ActivationName): Tensor {
    this.sameSize('activateSlope', x, by)
    return this.push(x.shape, (out) => ({ op: 'slope', x, by, activation, out }))
  }

  activateCurvature(x: Tensor, by: Tensor, activation: ActivationName): Tensor {
    this.sameSize('activateCurvature', x, by)
    return this.push(x.shape, (out) => ({ op: 'curvature', x, by, activation, out }))
  }

  columnDot(x: Tensor, y: Tensor, shift: Tensor | null): Tensor {
    this.sameSize('columnDot', x, y)
    this.oneRow('columnDot', x, shift)
    return this.push([1, colsOf(x.shape)], (out) => ({ op: 'columnDot', x, y, shift, out }))
  }

  columnAffine(terms: readonly AffineTerm[], shift: Tensor | null): Tensor {
    const [first] = terms
    if (first === undefined || terms.length > 3) throw new RecordingError(`${this.label}: columnAffine takes one to three terms, got ${terms.length}`)
    for (const { x, factor } of terms) {
      this.sameSize('columnAffine', first.x, x)
      this.oneRow('columnAffine', x, factor)
    }
    this.oneRow('columnAffine', first.x, shift)
    return this.push(first.x.shape, (out) => ({ op: 'columnAffine', terms, shift, out }))
  }

  flipKernel(kernel: Tensor): Tensor {
    const [kernelHeight, kernelWidth, inputs, filters] = kernel.shape
    if (kernel.shape.length !== 4) this.refuse('flipKernel', 'a kernel has four axes', kernel)
    return this.push([kernelHeight, kernelWidth, filters, inputs], (out) => ({ op: 'flipKernel', x: kernel, kernelHeight, kernelWidth, out }))
  }

  maxPool(x: Tensor, windows: WindowGeometry): MaxPoolResult {
    const images = this.images('maxPool', x, windows)
    const shape = windowShape(images, windows)
    const [output, argmax] = [this.temporary(shape), this.temporary(shape)]
    this.nodes.push({ op: 'maxPool', x: images, windows, output, argmax })
    return { output, argmax }
  }

  takeAt(x: Tensor, argmax: Tensor, windows: WindowGeometry): Tensor {
    const images = this.images('takeAt', x, windows)
    const places = this.places('takeAt', argmax, windows)
    return this.push(windowShape(images, windows), (out) => ({ op: 'takeAt', x: images, argmax: places, windows, out }))
  }

  putAt(y: Tensor, argmax: Tensor, windows: WindowGeometry): Tensor {
    const [values, places] = [this.places('putAt', y, windows), this.places('putAt', argmax, windows)]
    return this.push(imageShape(values, windows), (out) => ({ op: 'putAt', x: values, argmax: places, windows, out }))
  }

  averagePool(x: Tensor, windows: WindowGeometry): Tensor {
    const images = this.images('averagePool', x, windows)
    return this.push(windowShape(images, windows), (out) => ({ op: 'averagePool', x: images, windows, out }))
  }

  averageBack(y: Tensor, windows: WindowGeometry): Tensor {
    const values = this.places('averageBack', y, windows)
    return this.push(imageShape(values, windows), (out) => ({ op: 'averageBack', x: values, windows, out }))
  }

  augment(x: Tensor, codes: Tensor, [height, width, channels]: readonly [number, number, number]): Tensor {
    const rows = rowsOf(codes.shape)
    if (codes.location?.buffer.kind !== 'index') this.refuse('augment', 'codes must live in an index buffer', x, codes)
    const images = this.rowsOfImages('augment', x, height * width * channels)
    if (rowsOf(images.shape) !== rows) this.refuse('augment', 'one code per image is needed', x, codes)
    return this.push([rows, height, width, channels], (out) => ({ op: 'augment', x: images, codes, height, width, channels, out }))
  }

  squaredNorm(x: Tensor): Tensor {
    return this.push([1, 1], (out) => ({ op: 'squaredNorm', x, out }))
  }

  clipFactor(squaredNorm: Tensor, limit: number): Tensor {
    if (sizeOf(squaredNorm.shape) !== 1) this.refuse('clipFactor', 'one number is needed', squaredNorm)
    return this.push([1, 1], (out) => ({ op: 'clipFactor', x: squaredNorm, limit, out }))
  }

  update(rule: UpdateRule, operands: UpdateOperands, decayed: boolean): void {
    for (const operand of [operands.gradient, operands.first, operands.second]) {
      if (operand !== null) this.sameSize('update', operand, operands.weights)
    }
    const missing = (rule === 'adam' && operands.second === null) || (rule === 'rmsprop' && operands.second === null)
    const needsFirst = rule === 'adam' || rule === 'lion' || rule === 'nesterov'
    if (missing || (needsFirst && operands.first === null)) this.refuse('update', `${rule} needs its moments`, operands.weights)
    this.nodes.push({ op: 'update', rule, ...operands, decayed })
  }

  private patchProduct(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean, patches: WindowGeometry): Tensor {
    const images = this.images('matmul of patches', a, patches)
    const [count, size] = [rowsOf(images.shape) * windowCount(patches), patchSize(patches)]
    const [k2, n] = transposeB ? [colsOf(b.shape), rowsOf(b.shape)] : [rowsOf(b.shape), colsOf(b.shape)]
    const k = transposeA ? count : size
    if (k !== k2) this.refuse('matmul of patches', `inner sizes ${k} and ${k2} differ`, a, b)
    const shape = transposeA ? [patches.kernelHeight, patches.kernelWidth, patches.channels, n] : [rowsOf(images.shape), patches.outHeight, patches.outWidth, n]
    return this.push(shape, (out) => ({ op: 'matmul', a: images, b, transposeA, transposeB, patches, hasZeros: false, out }))
  }

  /** x as [rows, height·width·channels]. */
  private images(operation: string, x: Tensor, windows: WindowGeometry): Tensor {
    return this.rowsOfImages(operation, x, imageSize(windows))
  }

  /** x as [rows, outHeight·outWidth·channels]. */
  private places(operation: string, x: Tensor, windows: WindowGeometry): Tensor {
    return this.rowsOfImages(operation, x, windowCount(windows) * windows.channels)
  }

  private rowsOfImages(operation: string, x: Tensor, size: number): Tensor {
    const rows = sizeOf(x.shape) / size
    if (!Number.isInteger(rows)) this.refuse(operation, `images of ${size} numbers are expected`, x)
    return x.shape.length === 2 && colsOf(x.shape) === size ? x : this.reshape(x, [rows, size])
  }

  private oneRow(operation: string, x: Tensor, row: Tensor | null): void {
    if (row !== null && sizeOf(row.shape) !== colsOf(x.shape)) this.refuse(operation, `a row of ${colsOf(x.shape)} is needed`, x, row)
  }

  private push(shape: readonly number[], node: (out: Tensor) => RecordedNode): Tensor {
    const out = this.temporary(shape)
    this.nodes.push(node(out))
    return out
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

function windowShape(images: Tensor, { outHeight, outWidth, channels }: WindowGeometry): readonly number[] {
  return [rowsOf(images.shape), outHeight, outWidth, channels]
}

function imageShape(places: Tensor, { height, width, channels }: WindowGeometry): readonly number[] {
  return [rowsOf(places.shape), height, width, channels]
}
