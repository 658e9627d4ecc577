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
import { rankOneSegment, rankOneStatements } from './kernels/rank-one.ts'
import { crossEntropySegment, crossEntropyStatements } from './kernels/softmax-cross-entropy.ts'
import { softmaxTangentSegment, softmaxTangentStatements } from './kernels/softmax-tangent.ts'
import { updateSegment } from './kernels/update.ts'
import type { DeviceKernel } from './lowered.ts'
import type { Segment } from './segment.ts'
import { finishVariant, sliceVariant } from './slices.ts'
import type { Head, Unit } from './units.ts'
import type { Tuning } from './variant.ts'
import { modulo, over, plus, times } from './wgsl.ts'

/** A dispatch as data: WGSL, what to bind in group 1 (behind the places), and the grid. Group 0 holds the frame. */
export interface Program {
  readonly label: string
  readonly wgsl: string
  readonly bindings: readonly Binding[]
  /** Elements at which operands start: contents of the uniform buffer at binding 0. */
  readonly places: readonly number[]
  readonly grid: Grid
}

/** What decides which units may share a dispatch. */
export interface Sketch {
  /** Equal for units whose text is equal and that use the same buffers: they differ in their places only. */
  readonly signature: string
  /** Vectors of places. */
  readonly vectors: number
}

/** Sketches of units, each made once. */
export function sketcher(tuning: Tuning): (unit: Unit) => Sketch {
  const known = new Map<Unit, Sketch>()
  return (unit) => {
    const sketch = known.get(unit) ?? sketchOf(unit, tuning)
    known.set(unit, sketch)
    return sketch
  }
}

function sketchOf(unit: Unit, tuning: Tuning): Sketch {
  const bindings = new Bindings()
  const { body, workgroups } = segmentOf(bindings, unit, tuning)
  const { statements, vectors } = bindings.takePrelude()
  const buffers = bindings.list().map(({ buffer, access }) => `${buffer.id} ${access}`)
  return { signature: [workgroups, ...buffers, statements, body].join('\n'), vectors: vectors.length / 4 }
}

export interface ProgramOptions {
  readonly tuning: Tuning
  /** Workgroups on one axis of a grid. */
  readonly maxWorkgroups: number
  readonly sketchOf: (unit: Unit) => Sketch
}

/** A function of a dispatch, and the workgroups that run it for several units one after the other. */
interface Part {
  readonly segment: Segment
  readonly units: number
  /** First vector of places, and vectors per unit. */
  readonly base: number
  readonly vectors: number
}

/**
 * Joins independent units into one dispatch; workgroups find their unit by their number. Units that follow each
 * other with the same signature share a function.
 */
export function programOf(units: readonly Unit[], { tuning, maxWorkgroups, sketchOf: sketch }: ProgramOptions): Program {
  const bindings = new Bindings()
  const places: number[] = []
  const parts: Part[] = []
  for (const group of runs(units, (unit) => sketch(unit).signature)) {
    const base = places.length / 4
    const segments = group.map((unit) => {
      const segment = segmentOf(bindings, unit, tuning)
      const { statements, vectors } = bindings.takePrelude()
      places.push(...vectors)
      return { ...segment, body: `${statements}\n${segment.body}` }
    })
    parts.push({ segment: segments[0], units: group.length, base, vectors: (places.length / 4 - base) / group.length })
  }
  const workgroups = parts.reduce((total, { segment, units: count }) => total + count * segment.workgroups, 0)
  const grid = gridOf(workgroups, maxWorkgroups)
  const sharedFloats = Math.max(...parts.map(({ segment }) => segment.sharedFloats))
  const wgsl = [
    FRAME_DECLARATION,
    bindings.declarations(1),
    ...(sharedFloats > 0 ? [`var<workgroup> shared_sums : array<f32, ${sharedFloats}>;`] : []),
    ...new Set(parts.flatMap(({ segment }) => segment.functions)),
    ...parts.map(({ segment }, i) => `fn segment${i}(group : u32, lane : u32, base : u32) {\n${segment.body}\n}`),
    mainFunction(parts, grid, tuning.workgroup),
  ].join('\n')
  const label = parts.map(({ segment, units: count }) => (count === 1 ? segment.label : `${count} × ${segment.label}`)).join('; ')
  return { label, wgsl, bindings: bindings.list(), places, grid }
}

function runs<T>(values: readonly T[], keyOf: (value: T) => string): readonly (readonly T[])[] {
  const groups: { readonly key: string; readonly values: T[] }[] = []
  for (const value of values) {
    const key = keyOf(value)
    const last = groups[groups.length - 1]
    if (last?.key === key) last.values.push(value)
    else groups.push({ key, values: [value] })
  }
  return groups.map((group) => group.values)
}

/** A dispatch of one part on one axis needs no number of workgroups, so that its text is the same for any number of units. */
function mainFunction(parts: readonly Part[], grid: Grid, workgroup: number): string {
  let first = 0
  const branches = parts.map(({ segment, units, base, vectors }, i) => {
    const start = first
    first += units * segment.workgroups
    const call = callOf(i, start, segment.workgroups, base, vectors)
    return parts.length === 1 && grid.y === 1 ? call : `if (group < ${first}u) { ${call} }`
  })
  return [
    `@compute @workgroup_size(${workgroup})`,
    'fn main(@builtin(workgroup_id) id : vec3u, @builtin(local_invocation_index) lane : u32) {',
    `let group = id.x${grid.y === 1 ? '' : ` + id.y * ${grid.x}u`};`,
    branches.join('\nelse '),
    '}',
  ].join('\n')
}

function callOf(part: number, first: number, workgroups: number, base: number, vectors: number): string {
  const group = first === 0 ? 'group' : `(group - ${first}u)`
  return `segment${part}(${modulo(group, workgroups)}, lane, ${plus(`${base}u`, times(over(group, workgroups), vectors))});`
}

function segmentOf(bindings: Bindings, unit: Unit, tuning: Tuning): Segment {
  if (unit.kind === 'kernel') return kernelSegment(bindings, unit.kernel, tuning)
  const { gemm, head, storesValues } = unit
  const statements = (row: string, values: readonly string[]): string => headStatements(bindings, head, row, values)
  return gemmWithHead(bindings, gemm, { label: head.kind, statements }, storesValues, variantFor(gemm, tuning), tuning)
}

function headStatements(bindings: Bindings, head: Head, row: string, values: readonly string[]): string {
  switch (head.kind) {
    case 'softmaxCrossEntropy':
      return crossEntropyStatements(bindings, head, row, values)
    case 'softmaxTangent':
      return softmaxTangentStatements(bindings, head, row, values)
    case 'rankOne':
      return rankOneStatements(bindings, head, row, values)
  }
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
    case 'rankOne':
      return rankOneSegment(bindings, kernel, tuning)
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
