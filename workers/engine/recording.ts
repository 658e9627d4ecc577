import type { ActivationName, AffineTerm, UpdateOperands, UpdateRule } from './operations.ts'
import type { Location, Tensor } from './tensor.ts'
import type { WindowGeometry } from './windows.ts'

/** One operation of a recording, in the order in which layers asked for it. */
export type RecordedNode =
  | { readonly op: 'matmul'; readonly a: Tensor; readonly b: Tensor; readonly transposeA: boolean; readonly transposeB: boolean; readonly patches: WindowGeometry | null; readonly hasZeros: boolean; readonly out: Tensor }
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
  | { readonly op: 'rankOne'; readonly x: Tensor; readonly tangent: Tensor; readonly scale: number; readonly out: Tensor }
  | { readonly op: 'mix'; readonly x: Tensor; readonly y: Tensor; readonly factor: number; readonly out: Tensor }
  | { readonly op: 'inverseSqrt'; readonly x: Tensor; readonly epsilon: number; readonly out: Tensor }
  | { readonly op: 'activate'; readonly x: Tensor; readonly activation: ActivationName; readonly out: Tensor }
  | { readonly op: 'slope' | 'curvature'; readonly x: Tensor; readonly by: Tensor; readonly activation: ActivationName; readonly out: Tensor }
  | { readonly op: 'columnDot'; readonly x: Tensor; readonly y: Tensor; readonly shift: Tensor | null; readonly out: Tensor }
  | { readonly op: 'columnAffine'; readonly terms: readonly AffineTerm[]; readonly shift: Tensor | null; readonly out: Tensor }
  | { readonly op: 'flipKernel'; readonly x: Tensor; readonly kernelHeight: number; readonly kernelWidth: number; readonly out: Tensor }
  | { readonly op: 'maxPool'; readonly x: Tensor; readonly windows: WindowGeometry; readonly output: Tensor; readonly argmax: Tensor }
  | { readonly op: 'takeAt' | 'putAt'; readonly x: Tensor; readonly argmax: Tensor; readonly windows: WindowGeometry; readonly out: Tensor }
  | { readonly op: 'averagePool' | 'averageBack'; readonly x: Tensor; readonly windows: WindowGeometry; readonly out: Tensor }
  | { readonly op: 'augment'; readonly x: Tensor; readonly codes: Tensor; readonly height: number; readonly width: number; readonly channels: number; readonly out: Tensor }
  | { readonly op: 'squaredNorm'; readonly x: Tensor; readonly out: Tensor }
  | { readonly op: 'clipFactor'; readonly x: Tensor; readonly limit: number; readonly out: Tensor }
  | ({ readonly op: 'update'; readonly rule: UpdateRule; readonly decayed: boolean } & UpdateOperands)
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

/** What a node reads, in the order of its fields. */
export function inputsOf(node: RecordedNode): readonly Tensor[] {
  switch (node.op) {
    case 'matmul':
    case 'add':
    case 'multiply':
      return [node.a, node.b]
    case 'mix':
      return [node.x, node.y]
    case 'slope':
    case 'curvature':
      return [node.x, node.by]
    case 'columnDot':
      return present(node.x, node.y, node.shift)
    case 'columnAffine':
      return present(...node.terms.flatMap(({ x, factor }) => [x, factor]), node.shift)
    case 'takeAt':
    case 'putAt':
      return [node.x, node.argmax]
    case 'augment':
      return [node.x, node.codes]
    case 'update':
      return present(node.gradient, node.gradientScale)
    case 'addBias':
      return [node.x, node.bias]
    case 'maskPositive':
      return [node.x, node.by]
    case 'scale':
    case 'relu':
    case 'columnSum':
    case 'inverseSqrt':
    case 'activate':
    case 'clipFactor':
    case 'flipKernel':
    case 'maxPool':
    case 'averagePool':
    case 'averageBack':
    case 'squaredNorm':
    case 'store':
      return [node.x]
    case 'softmaxCrossEntropy':
      return [node.logits, node.labels]
    case 'softmaxTangent':
      return [node.probabilities, node.tangent]
    case 'rankOne':
      return [node.x, node.tangent]
    case 'sgd':
      return [node.gradient]
  }
}

/** The temporaries that a node makes. */
export function outputsOf(node: RecordedNode): readonly Tensor[] {
  switch (node.op) {
    case 'store':
    case 'sgd':
    case 'update':
      return []
    case 'softmaxCrossEntropy':
      return [node.probabilities, node.gradient]
    case 'maxPool':
      return [node.output, node.argmax]
    default:
      return [node.out]
  }
}

function present(...tensors: readonly (Tensor | null)[]): readonly Tensor[] {
  return tensors.filter((tensor) => tensor !== null)
}
