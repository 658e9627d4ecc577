import { Bindings, type Binding } from './bindings.ts'
import { FRAME_DECLARATION } from './frame-table.ts'
import { gridOf, type Grid } from './grid.ts'
import { augmentSegment } from './kernels/augment.ts'
import { columnAffineSegment } from './kernels/column-affine.ts'
import { flipKernelSegment } from './kernels/flip-kernel.ts'
import { columnSumSegment, gemmSegment, gemmWithHead } from './kernels/gemm.ts'
import { maxPoolSegment } from './kernels/max-pool.ts'
import { partialProductSegment, partialSquaresSegment, sumOfPartsSegment } from './kernels/parts.ts'
import { pointwiseSegment } from './kernels/pointwise.ts'
import { poolSegment } from './kernels/pool.ts'
import { columnSumProduct, variantFor } from './kernels/product.ts'
import { crossEntropySegment, crossEntropyStatements } from './kernels/softmax-cross-entropy.ts'
import { softmaxTangentSegment, softmaxTangentStatements } from './kernels/softmax-tangent.ts'
import { updateSegment } from './kernels/update.ts'
import type { DeviceKernel } from './lowered.ts'
import type { Segment } from './segment.ts'
import { finishVariant, sliceVariant } from './slices.ts'
import type { Unit } from './units.ts'
import type { Tuning } from './variant.ts'

/** A dispatch as data: WGSL, what to bind in group 1 (behind the places), and the grid. Group 0 holds the frame. */
export interface Program {
  readonly label: string
  readonly wgsl: string
  readonly bindings: readonly Binding[]
  /** Elements at which operands start: contents of the uniform buffer at binding 0. */
  readonly places: readonly number[]
  readonly grid: Grid
}

/** Joins independent units into one dispatch; workgroups find their unit by their number. */
export function programOf(units: readonly Unit[], tuning: Tuning, maxWorkgroups: number): Program {
  const bindings = new Bindings()
  const segments = units.map((unit) => {
    const segment = segmentOf(bindings, unit, tuning)
    return { ...segment, body: `${bindings.placeStatements()}\n${segment.body}` }
  })
  const workgroups = segments.reduce((total, segment) => total + segment.workgroups, 0)
  const grid = gridOf(workgroups, maxWorkgroups)
  const sharedFloats = Math.max(...segments.map((segment) => segment.sharedFloats))
  const wgsl = [
    FRAME_DECLARATION,
    bindings.declarations(1),
    ...(sharedFloats > 0 ? [`var<workgroup> shared_sums : array<f32, ${sharedFloats}>;`] : []),
    ...new Set(segments.flatMap(({ functions }) => functions)),
    ...segments.map(({ body }, i) => `fn segment${i}(group : u32, lane : u32) {\n${body}\n}`),
    mainFunction(segments, grid, tuning.workgroup),
  ].join('\n')
  return { label: segments.map(({ label }) => label).join('; '), wgsl, bindings: bindings.list(), places: bindings.places(), grid }
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
  return gemmWithHead(bindings, gemm, { label: head.kind, statements }, storesValues, variantFor(gemm, tuning), tuning)
}

function kernelSegment(bindings: Bindings, kernel: DeviceKernel, tuning: Tuning): Segment {
  switch (kernel.kind) {
    case 'gemm':
      return gemmSegment(bindings, kernel, variantFor(kernel, tuning), tuning)
    case 'columnSum':
      return columnSumSegment(bindings, kernel, variantFor(columnSumProduct(kernel), tuning), tuning)
    case 'pointwise':
      return pointwiseSegment(bindings, kernel, tuning)
    case 'softmaxCrossEntropy':
      return crossEntropySegment(bindings, kernel, tuning)
    case 'softmaxTangent':
      return softmaxTangentSegment(bindings, kernel, tuning)
    case 'columnAffine':
      return columnAffineSegment(bindings, kernel, tuning)
    case 'flipKernel':
      return flipKernelSegment(bindings, kernel, tuning)
    case 'maxPool':
      return maxPoolSegment(bindings, kernel, tuning)
    case 'pool':
      return poolSegment(bindings, kernel, tuning)
    case 'augment':
      return augmentSegment(bindings, kernel, tuning)
    case 'update':
      return updateSegment(bindings, kernel, tuning)
    case 'partialProduct':
      return partialProductSegment(bindings, kernel, sliceVariant(tuning), tuning)
    case 'partialSquares':
      return partialSquaresSegment(bindings, kernel, tuning)
    case 'sumOfParts':
      return sumOfPartsSegment(bindings, kernel, finishVariant(kernel.parts.rows, tuning), tuning)
  }
}
