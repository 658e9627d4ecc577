import { EngineError } from '../engine.ts'
import type { Kernel } from '../kernels.ts'
import { Bindings, type Binding } from './bindings.ts'
import { gridOf, type Grid } from './grid.ts'
import { columnSumSegment, gemmSegment, gemmWithHead } from './kernels/gemm.ts'
import { pointwiseSegment } from './kernels/pointwise.ts'
import { columnSumProduct, sumLength } from './kernels/product.ts'
import { crossEntropySegment, crossEntropyStatements } from './kernels/softmax-cross-entropy.ts'
import { softmaxTangentSegment, softmaxTangentStatements } from './kernels/softmax-tangent.ts'
import type { Segment } from './segment.ts'
import type { Unit } from './units.ts'
import { shapeClass, type Tuning, type Variant } from './variant.ts'

/** A dispatch as data: WGSL, what to bind in group 1, and the grid. Group 0 holds the frame. */
export interface Program {
  readonly label: string
  readonly wgsl: string
  readonly bindings: readonly Binding[]
  readonly grid: Grid
}

/** WGSL view of one slot of the frame table. */
const FRAME = `struct Frame { cursor : u32, learningRate : f32, momentum : f32, weightDecay : f32 }
@group(0) @binding(0) var<uniform> frame : Frame;`

/** Joins independent units into one dispatch; workgroups find their unit by their number. */
export function programOf(units: readonly Unit[], tuning: Tuning, maxWorkgroups: number): Program {
  const bindings = new Bindings()
  const segments = units.map((unit) => segmentOf(bindings, unit, tuning))
  const workgroups = segments.reduce((total, segment) => total + segment.workgroups, 0)
  const grid = gridOf(workgroups, maxWorkgroups)
  const sharedFloats = Math.max(...segments.map((segment) => segment.sharedFloats))
  const wgsl = [
    FRAME,
    bindings.declarations(1),
    ...(sharedFloats > 0 ? [`var<workgroup> shared_sums : array<f32, ${sharedFloats}>;`] : []),
    ...segments.map(({ body, label }, i) => `// ${label}\nfn segment${i}(group : u32, lane : u32) {\n${body}\n}`),
    mainFunction(segments, grid, tuning.workgroup),
  ].join('\n')
  return { label: segments.map(({ label }) => label).join('; '), wgsl, bindings: bindings.list(), grid }
}

function mainFunction(segments: readonly Segment[], grid: Grid, workgroup: number): string {
  let first = 0
  const branches = segments.map(({ workgroups }, i) => {
    const call = `segment${i}(group - ${first}u, lane);`
    first += workgroups
    return `if (group < ${first}u) { ${call} }`
  })
  return [
    `@compute @workgroup_size(${workgroup})`,
    'fn main(@builtin(workgroup_id) id : vec3u, @builtin(local_invocation_index) lane : u32) {',
    `let group = id.x + id.y * ${grid.x}u;`,
    branches.join('\nelse '),
    '}',
  ].join('\n')
}

function segmentOf(bindings: Bindings, unit: Unit, tuning: Tuning): Segment {
  if (unit.kind === 'kernel') return kernelSegment(bindings, unit.kernel, tuning)
  const { gemm, head, storesValues } = unit
  const statements = (row: string, values: readonly string[]): string =>
    head.kind === 'softmaxCrossEntropy' ? crossEntropyStatements(bindings, head, row, values) : softmaxTangentStatements(bindings, head, row, values)
  return gemmWithHead(bindings, gemm, { label: head.kind, statements }, storesValues, variantFor(tuning, gemm), tuning)
}

function kernelSegment(bindings: Bindings, kernel: Kernel, tuning: Tuning): Segment {
  switch (kernel.kind) {
    case 'gemm':
      return gemmSegment(bindings, kernel, variantFor(tuning, kernel), tuning)
    case 'columnSum':
      return columnSumSegment(bindings, kernel, variantFor(tuning, columnSumProduct(kernel)), tuning)
    case 'pointwise':
      return pointwiseSegment(bindings, kernel, tuning)
    case 'softmaxCrossEntropy':
      return crossEntropySegment(bindings, kernel, tuning)
    case 'softmaxTangent':
      return softmaxTangentSegment(bindings, kernel, tuning)
    default:
      throw new EngineError('compile', `webgpu engine: ${kernel.kind} is not there yet; use the CPU engine`)
  }
}

function variantFor(tuning: Tuning, product: Parameters<typeof sumLength>[0]): Variant {
  return tuning.variants[shapeClass(product.m, product.n, sumLength(product))]
}
