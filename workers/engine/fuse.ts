import {
  mapOperands,
  targetsOf,
  writtenBy,
  type ColumnAffineKernel,
  type ColumnSumKernel,
  type GemmKernel,
  type GemmTerm,
  type Kernel,
  type PointwiseKernel,
  type Write,
} from './kernels.ts'
import { inputsOf, type RecordedNode, type Recording } from './recording.ts'
import { colsOf, rowsOf, type Location, type Tensor } from './tensor.ts'
import { patchSize, windowCount } from './windows.ts'

/** Fused kernels that still name tensors, and the places that `keep` gave to some of them. */
export interface FusedRecording {
  readonly kernels: readonly Kernel<Tensor>[]
  readonly kept: ReadonlyMap<number, Location>
}

/** A kernel whose result has one consumer only and may still be folded into it; its write is not decided yet. */
type Draft = Unwritten<GemmKernel<Tensor>> | Unwritten<ColumnSumKernel<Tensor>> | Unwritten<ColumnAffineKernel<Tensor>> | Unwritten<PointwiseKernel<Tensor>>
type Unwritten<K> = Omit<K, 'write'>
type DraftOf<K extends Draft['kind']> = Extract<Draft, { kind: K }>
type GemmDraft = DraftOf<'gemm'>
type PointwiseOptions = Partial<Pick<PointwiseKernel, 'factor' | 'activation'>>

/**
 * Folds bias, ReLU, mask, sums of products, stores and SGD updates into the matrix product (or column sum) that
 * feeds them, so that an intermediate with a single consumer never reaches memory. Values nobody consumes vanish.
 */
export function fuse(recording: Recording): FusedRecording {
  return new Fuser(recording).run()
}

class Fuser {
  private readonly recording: Recording
  private readonly uses: ReadonlyMap<number, number>
  private readonly drafts = new Map<number, { readonly draft: Draft; readonly out: Tensor }>()
  private readonly kernels: Kernel<Tensor>[] = []

  constructor(recording: Recording) {
    this.recording = recording
    this.uses = countUses(recording)
  }

  run(): FusedRecording {
    for (const node of this.recording.nodes) this.visit(node)
    return { kernels: this.kernels, kept: this.recording.kept }
  }

  private visit(node: RecordedNode): void {
    switch (node.op) {
      case 'matmul':
        return this.visitMatmul(node)
      case 'addBias':
        return this.visitAddBias(node)
      case 'add':
        return this.visitAdd(node)
      case 'relu':
        return this.visitRelu(node)
      case 'maskPositive':
        return this.visitMask(node)
      case 'columnSum':
        return this.draft(node.out, { kind: 'columnSum', x: this.materialise(node.x), y: null, shift: null, factor: 1 })
      case 'columnDot':
        return this.visitColumnDot(node)
      case 'columnAffine':
        return this.visitColumnAffine(node)
      case 'multiply':
        return this.pointwise('multiply', [node.a, node.b], node.out)
      case 'scale':
        return this.visitScale(node)
      case 'mix':
        return this.pointwise('mix', [node.x, node.y], node.out, { factor: node.factor })
      case 'inverseSqrt':
        return this.pointwise('inverseSqrt', [node.x], node.out, { factor: node.epsilon })
      case 'clipFactor':
        return this.pointwise('clipFactor', [node.x], node.out, { factor: node.limit })
      case 'activate':
        return this.pointwise('activate', [node.x], node.out, { activation: node.activation })
      case 'slope':
      case 'curvature':
        return this.pointwise(node.op, [node.x, node.by], node.out, { activation: node.activation })
      case 'update':
        return this.visitUpdate(node)
      case 'flipKernel':
      case 'maxPool':
      case 'takeAt':
      case 'putAt':
      case 'averagePool':
      case 'averageBack':
      case 'augment':
      case 'squaredNorm':
        return this.visitWhole(node)
      case 'softmaxCrossEntropy':
        return this.visitCrossEntropy(node)
      case 'softmaxTangent':
        this.emit({
          kind: 'softmaxTangent',
          probabilities: this.materialise(node.probabilities),
          tangent: this.materialise(node.tangent),
          scale: node.scale,
          to: node.out,
        })
        return
      case 'rankOne':
        this.emit({ kind: 'rankOne', x: this.materialise(node.x), tangent: this.materialise(node.tangent), scale: node.scale, to: node.out })
        return
      case 'store':
        return this.write(node.x, { mode: node.mode, to: node.to })
      case 'sgd':
        return this.write(node.gradient, { mode: 'sgd', weights: node.weights, velocity: node.velocity, decayed: node.decayed })
    }
  }

  private visitMatmul(node: Extract<RecordedNode, { op: 'matmul' }>): void {
    const a = this.materialise(node.a)
    const b = this.materialise(node.b)
    const { transposeA, transposeB, patches, hasZeros } = node
    const [rows, cols] = patches === null ? [rowsOf(a.shape), colsOf(a.shape)] : [rowsOf(a.shape) * windowCount(patches), patchSize(patches)]
    const term: GemmTerm<Tensor> = { a, b, transposeA, transposeB, k: transposeA ? rows : cols, patches, hasZeros }
    this.draft(node.out, {
      kind: 'gemm',
      m: rowsOf(node.out.shape),
      n: colsOf(node.out.shape),
      terms: [term],
      bias: null,
      relu: false,
      mask: null,
    })
  }

  private visitAddBias(node: Extract<RecordedNode, { op: 'addBias' }>): void {
    const gemm = this.take('gemm', node.x, (draft) => draft.bias === null && !draft.relu && draft.mask === null)
    if (gemm) this.draft(node.out, { ...gemm, bias: this.materialise(node.bias) })
    else this.pointwise('addBias', [node.x, node.bias], node.out)
  }

  private visitAdd(node: Extract<RecordedNode, { op: 'add' | 'multiply' }>): void {
    if (node.a.id === node.b.id || !this.isOpenSum(node.a) || !this.isOpenSum(node.b)) {
      return this.pointwise('add', [node.a, node.b], node.out)
    }
    const a = this.take('gemm', node.a, isSum)
    const b = this.take('gemm', node.b, isSum)
    if (a === null || b === null) throw new Error('fuse: an open sum vanished')
    if (a.bias !== null && b.bias !== null) {
      this.drafts.set(node.a.id, { draft: a, out: node.a })
      this.drafts.set(node.b.id, { draft: b, out: node.b })
      return this.pointwise('add', [node.a, node.b], node.out)
    }
    this.draft(node.out, { ...a, terms: [...a.terms, ...b.terms], bias: a.bias ?? b.bias })
  }

  private visitRelu(node: Extract<RecordedNode, { op: 'relu' }>): void {
    const open = this.take('gemm', node.x, isSum) ?? this.take('columnAffine', node.x, ({ relu }) => !relu)
    if (open) this.draft(node.out, { ...open, relu: true })
    else this.pointwise('relu', [node.x], node.out)
  }

  private visitMask(node: Extract<RecordedNode, { op: 'maskPositive' }>): void {
    const gemm = node.x.id === node.by.id ? null : this.take('gemm', node.x, (draft) => draft.mask === null)
    if (gemm) this.draft(node.out, { ...gemm, mask: this.materialise(node.by) })
    else this.pointwise('maskPositive', [node.x, node.by], node.out)
  }

  private visitCrossEntropy(node: Extract<RecordedNode, { op: 'softmaxCrossEntropy' }>): void {
    this.emit({
      kind: 'softmaxCrossEntropy',
      logits: this.materialise(node.logits),
      labels: node.labels,
      scale: node.scale,
      probabilities: this.isWanted(node.probabilities) ? node.probabilities : null,
      gradient: this.isWanted(node.gradient) ? node.gradient : null,
      rowLoss: node.rowLoss,
      rowCorrect: node.rowCorrect,
    })
  }

  private visitScale(node: Extract<RecordedNode, { op: 'scale' }>): void {
    const sum = this.take('columnSum', node.x, ({ factor }) => factor === 1)
    if (sum) this.draft(node.out, { ...sum, factor: node.factor })
    else this.pointwise('scale', [node.x], node.out, { factor: node.factor })
  }

  private visitColumnDot(node: Extract<RecordedNode, { op: 'columnDot' }>): void {
    const [x, y, shift] = [this.materialise(node.x), this.materialise(node.y), this.materialiseMaybe(node.shift)]
    this.draft(node.out, { kind: 'columnSum', x, y, shift, factor: 1 })
  }

  private visitColumnAffine(node: Extract<RecordedNode, { op: 'columnAffine' }>): void {
    const terms = node.terms.map(({ x, factor }) => ({ x: this.materialise(x), factor: this.materialiseMaybe(factor) }))
    this.draft(node.out, { kind: 'columnAffine', terms, shift: this.materialiseMaybe(node.shift), relu: false })
  }

  private visitUpdate({ op: kind, ...node }: Extract<RecordedNode, { op: 'update' }>): void {
    this.emit({ ...node, kind, gradient: this.materialise(node.gradient), gradientScale: this.materialiseMaybe(node.gradientScale) })
  }

  /** Operations that are a kernel by themselves: nothing is folded into them, nor they into anything. */
  private visitWhole(node: WholeNode): void {
    for (const input of inputsOf(node)) this.materialise(input)
    const wanted = node.op === 'maxPool' ? this.isWanted(node.output) || this.isWanted(node.argmax) : this.isWanted(node.out)
    if (wanted) this.emit(wholeKernel(node, (tensor) => (this.isWanted(tensor) ? tensor : null)))
  }

  /** Decides the write of x: folded into the draft that makes it, else a copy. */
  private write(x: Tensor, write: Write<Tensor>): void {
    const open = this.drafts.get(x.id)
    if (open && this.isSingleUse(x) && sameMatrix(x, open.out) && !readsPlaces(open.draft, open.out, targetsOf(write))) {
      this.drafts.delete(x.id)
      this.emit({ ...open.draft, write })
    } else {
      this.emit({ kind: 'pointwise', apply: 'copy', inputs: [this.materialise(x)], factor: 1, activation: null, write })
    }
  }

  private pointwise(apply: PointwiseKernel['apply'], inputs: readonly Tensor[], out: Tensor, { factor = 1, activation = null }: PointwiseOptions = {}): void {
    if (this.isWanted(out)) this.draft(out, { kind: 'pointwise', apply, inputs: inputs.map((input) => this.materialise(input)), factor, activation })
  }

  /** Registers an open draft. A value that is kept is written at once: others may read it from its place. */
  private draft(out: Tensor, draft: Draft): void {
    if (this.recording.kept.has(out.id)) this.emit({ ...draft, write: { mode: 'assign', to: out } })
    else if (this.isWanted(out)) this.drafts.set(out.id, { draft, out })
  }

  /** Makes sure that a tensor will be in memory when the next kernel runs. */
  private materialise(tensor: Tensor): Tensor {
    const open = this.drafts.get(tensor.id)
    if (open) {
      this.drafts.delete(tensor.id)
      this.emit({ ...open.draft, write: { mode: 'assign', to: open.out } })
    }
    return tensor
  }

  private materialiseMaybe(tensor: Tensor | null): Tensor | null {
    return tensor && this.materialise(tensor)
  }

  /** Emits a kernel, first closing drafts that read what it is about to change. */
  private emit(kernel: Kernel<Tensor>): void {
    const changed = writtenBy(kernel)
    for (const { draft, out } of [...this.drafts.values()]) {
      if (readsPlaces(draft, out, changed)) this.materialise(out)
    }
    this.kernels.push(kernel)
  }

  /** Takes an open draft of a kind out, when its one consumer sees it in the shape in which it is made. */
  private take<K extends Draft['kind']>(kind: K, tensor: Tensor, fits: (draft: DraftOf<K>) => boolean): DraftOf<K> | null {
    const open = this.drafts.get(tensor.id)
    if (!open || !isKind(open.draft, kind) || !this.isSingleUse(tensor) || !sameMatrix(tensor, open.out) || !fits(open.draft)) return null
    this.drafts.delete(tensor.id)
    return open.draft
  }

  private isOpenSum(tensor: Tensor): boolean {
    const open = this.drafts.get(tensor.id)
    return open !== undefined && open.draft.kind === 'gemm' && this.isSingleUse(tensor) && sameMatrix(tensor, open.out) && isSum(open.draft)
  }

  private isSingleUse(tensor: Tensor): boolean {
    return this.uses.get(tensor.id) === 1
  }

  private isWanted(tensor: Tensor): boolean {
    return this.uses.has(tensor.id) || this.recording.kept.has(tensor.id)
  }
}

type WholeNode = Extract<RecordedNode, { op: 'flipKernel' | 'maxPool' | 'takeAt' | 'putAt' | 'averagePool' | 'averageBack' | 'augment' | 'squaredNorm' }>

function wholeKernel(node: WholeNode, whenWanted: (tensor: Tensor) => Tensor | null): Kernel<Tensor> {
  switch (node.op) {
    case 'flipKernel':
      return { kind: 'flipKernel', x: node.x, kernelHeight: node.kernelHeight, kernelWidth: node.kernelWidth, to: node.out }
    case 'maxPool':
      return { kind: 'maxPool', x: node.x, windows: node.windows, output: whenWanted(node.output), argmax: whenWanted(node.argmax) }
    case 'takeAt':
    case 'putAt':
      return { kind: 'pool', apply: node.op, x: node.x, argmax: node.argmax, windows: node.windows, to: node.out }
    case 'averagePool':
    case 'averageBack':
      return { kind: 'pool', apply: node.op, x: node.x, argmax: null, windows: node.windows, to: node.out }
    case 'augment':
      return { kind: 'augment', x: node.x, codes: node.codes, height: node.height, width: node.width, channels: node.channels, to: node.out }
    case 'squaredNorm':
      return { kind: 'squaredNorm', x: node.x, to: node.out }
  }
}

function isKind<K extends Draft['kind']>(draft: Draft, kind: K): draft is DraftOf<K> {
  return draft.kind === kind
}

/** Whether two shapes of one tensor are the same matrix. */
function sameMatrix(a: Tensor, b: Tensor): boolean {
  return colsOf(a.shape) === colsOf(b.shape)
}

function isSum(draft: GemmDraft): boolean {
  return !draft.relu && draft.mask === null
}

function countUses(recording: Recording): Map<number, number> {
  const uses = new Map<number, number>()
  for (const node of recording.nodes) {
    for (const input of inputsOf(node)) uses.set(input.id, (uses.get(input.id) ?? 0) + 1)
  }
  return uses
}

function tensorsOf(kernel: Kernel<Tensor>): Tensor[] {
  const tensors: Tensor[] = []
  mapOperands(kernel, (tensor) => tensors.push(tensor))
  return tensors
}

/** Whether evaluating the draft reads one of the places. */
function readsPlaces(draft: Draft, out: Tensor, places: readonly Tensor[]): boolean {
  const reads = tensorsOf({ ...draft, write: { mode: 'assign', to: out } }).slice(0, -1)
  return reads.some((read) => places.some((place) => mayOverlap(read, place)))
}

/** Conservative: two places in one buffer overlap unless both are fixed and their ranges are apart. */
function mayOverlap(a: Tensor, b: Tensor): boolean {
  if (a.location === null || b.location === null) return a.id === b.id
  if (a.location.buffer.id !== b.location.buffer.id) return false
  if (a.location.addressing.kind !== 'fixed' || b.location.addressing.kind !== 'fixed') return true
  const end = (tensor: Tensor, location: Location): number => location.offset + rowsOf(tensor.shape) * location.rowStride
  return a.location.offset < end(b, b.location) && b.location.offset < end(a, a.location)
}
