import { mapOperands, type ColumnSumKernel, type GemmKernel, type GemmTerm, type Kernel, type PointwiseKernel, type Write } from './kernels.ts'
import type { RecordedNode, Recording } from './recorder.ts'
import { colsOf, rowsOf, type Location, type Tensor } from './tensor.ts'

/** Fused kernels that still name tensors, and the places that `keep` gave to some of them. */
export interface FusedRecording {
  readonly kernels: readonly Kernel<Tensor>[]
  readonly kept: ReadonlyMap<number, Location>
}

/** A kernel whose result has one consumer only and may still be folded into it; its write is not decided yet. */
type Draft = Omit<GemmKernel<Tensor>, 'write'> | Omit<ColumnSumKernel<Tensor>, 'write'> | Omit<PointwiseKernel<Tensor>, 'write'>
type GemmDraft = Extract<Draft, { kind: 'gemm' }>

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
        return this.draft(node.out, { kind: 'columnSum', x: this.materialise(node.x) })
      case 'multiply':
        return this.pointwise('multiply', [node.a, node.b], node.out)
      case 'scale':
        return this.pointwise('scale', [node.x], node.out, node.factor)
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
      case 'store':
        return this.write(node.x, { mode: node.mode, to: node.to })
      case 'sgd':
        return this.write(node.gradient, { mode: 'sgd', weights: node.weights, velocity: node.velocity, decayed: node.decayed })
    }
  }

  private visitMatmul(node: Extract<RecordedNode, { op: 'matmul' }>): void {
    const a = this.materialise(node.a)
    const b = this.materialise(node.b)
    const k = node.transposeA ? rowsOf(a.shape) : colsOf(a.shape)
    const term: GemmTerm<Tensor> = { a, b, transposeA: node.transposeA, transposeB: node.transposeB, k }
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
    const gemm = this.takeGemm(node.x, (draft) => draft.bias === null && !draft.relu && draft.mask === null)
    if (gemm) this.draft(node.out, { ...gemm, bias: this.materialise(node.bias) })
    else this.pointwise('addBias', [node.x, node.bias], node.out)
  }

  private visitAdd(node: Extract<RecordedNode, { op: 'add' | 'multiply' }>): void {
    if (node.a.id === node.b.id || !this.isOpenSum(node.a) || !this.isOpenSum(node.b)) {
      return this.pointwise('add', [node.a, node.b], node.out)
    }
    const a = this.takeGemm(node.a, isSum)
    const b = this.takeGemm(node.b, isSum)
    if (a === null || b === null) throw new Error('fuse: an open sum vanished')
    if (a.bias !== null && b.bias !== null) {
      this.drafts.set(node.a.id, { draft: a, out: node.a })
      this.drafts.set(node.b.id, { draft: b, out: node.b })
      return this.pointwise('add', [node.a, node.b], node.out)
    }
    this.draft(node.out, { ...a, terms: [...a.terms, ...b.terms], bias: a.bias ?? b.bias })
  }

  private visitRelu(node: Extract<RecordedNode, { op: 'relu' }>): void {
    const gemm = this.takeGemm(node.x, isSum)
    if (gemm) this.draft(node.out, { ...gemm, relu: true })
    else this.pointwise('relu', [node.x], node.out)
  }

  private visitMask(node: Extract<RecordedNode, { op: 'maskPositive' }>): void {
    const gemm = node.x.id === node.by.id ? null : this.takeGemm(node.x, (draft) => draft.mask === null)
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

  /** Decides the write of x: folded into the draft that makes it, else a copy. */
  private write(x: Tensor, write: Write<Tensor>): void {
    const open = this.drafts.get(x.id)
    if (open && this.isSingleUse(x) && !readsPlaces(open.draft, open.out, targetsOf(write))) {
      this.drafts.delete(x.id)
      this.emit({ ...open.draft, write })
    } else {
      this.emit({ kind: 'pointwise', apply: 'copy', inputs: [this.materialise(x)], factor: 1, write })
    }
  }

  private pointwise(apply: PointwiseKernel['apply'], inputs: readonly Tensor[], out: Tensor, factor = 1): void {
    if (this.isWanted(out)) this.draft(out, { kind: 'pointwise', apply, inputs: inputs.map((input) => this.materialise(input)), factor })
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

  /** Emits a kernel, first closing drafts that read what it is about to change. */
  private emit(kernel: Kernel<Tensor>): void {
    const changed = changedPlaces(kernel)
    for (const { draft, out } of [...this.drafts.values()]) {
      if (readsPlaces(draft, out, changed)) this.materialise(out)
    }
    this.kernels.push(kernel)
  }

  private takeGemm(tensor: Tensor, fits: (draft: GemmDraft) => boolean): GemmDraft | null {
    const open = this.drafts.get(tensor.id)
    if (!open || open.draft.kind !== 'gemm' || !this.isSingleUse(tensor) || !fits(open.draft)) return null
    this.drafts.delete(tensor.id)
    return open.draft
  }

  private isOpenSum(tensor: Tensor): boolean {
    const open = this.drafts.get(tensor.id)
    return open !== undefined && open.draft.kind === 'gemm' && this.isSingleUse(tensor) && isSum(open.draft)
  }

  private isSingleUse(tensor: Tensor): boolean {
    return this.uses.get(tensor.id) === 1
  }

  private isWanted(tensor: Tensor): boolean {
    return this.uses.has(tensor.id) || this.recording.kept.has(tensor.id)
  }
}

function isSum(draft: GemmDraft): boolean {
  return !draft.relu && draft.mask === null
}

function inputsOf(node: RecordedNode): readonly Tensor[] {
  switch (node.op) {
    case 'matmul':
    case 'add':
    case 'multiply':
      return [node.a, node.b]
    case 'addBias':
      return [node.x, node.bias]
    case 'maskPositive':
      return [node.x, node.by]
    case 'scale':
    case 'relu':
    case 'columnSum':
    case 'store':
      return [node.x]
    case 'softmaxCrossEntropy':
      return [node.logits, node.labels]
    case 'softmaxTangent':
      return [node.probabilities, node.tangent]
    case 'sgd':
      return [node.gradient]
  }
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

function changedPlaces(kernel: Kernel<Tensor>): readonly Tensor[] {
  switch (kernel.kind) {
    case 'softmaxCrossEntropy':
      return [kernel.probabilities, kernel.gradient, kernel.rowLoss, kernel.rowCorrect].filter((tensor) => tensor !== null)
    case 'softmaxTangent':
      return [kernel.to]
    default:
      return targetsOf(kernel.write)
  }
}

function targetsOf(write: Write<Tensor>): readonly Tensor[] {
  if (write.mode !== 'sgd') return [write.to]
  return write.velocity === null ? [write.weights] : [write.weights, write.velocity]
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
