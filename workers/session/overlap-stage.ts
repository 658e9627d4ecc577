import type { Experiment } from '../../src/contracts/experiment.ts'
import type { OverlapKind, OverlapResult } from '../../src/contracts/results.ts'
import { singularOverlaps, vectorOverlaps, type OverlapMatrix } from '../experiments/overlap/overlaps.ts'
import type { KernelDecomposition } from '../experiments/singular-values/decompose.ts'
import { offsetInSelection, selectParameters, type SelectedParameters } from '../networks/selection.ts'
import type { Artifacts, ComponentsArtifact, SpectrumArtifact } from './analysis-artifacts.ts'
import type { AnalysisContext } from './analysis-context.ts'

/** A family of vectors [k, n] in the space of a selection. */
interface Family {
  readonly vectors: Float64Array
  readonly selection: SelectedParameters
  /** Training samples that they were computed from. */
  readonly samples: number
}

/** All overlaps that the finished analyses allow, streamed row by row. */
export async function runOverlaps(context: AnalysisContext, artifacts: Artifacts): Promise<readonly OverlapResult[]> {
  const { experiment } = context
  const spectra = inOrder(artifacts.spectra).map((artifact) => ({ artifact, family: hessianFamily(context, artifact) }))
  const [components] = inOrder(artifacts.components)
  const results: OverlapResult[] = []
  const add = async (kind: OverlapKind, work: (onRows: (partial: OverlapMatrix) => void) => Promise<OverlapMatrix>, shape: Omit<OverlapShape, 'kind'>) => {
    const start = context.pacing.now()
    const finished = (matrix: OverlapMatrix): OverlapResult => overlapResult(context, { kind, ...shape }, matrix, start)
    const matrix = await work((partial) => context.emit({ type: 'result', result: finished(partial) }))
    results.push(finished(matrix))
    context.emit({ type: 'result', result: finished(matrix) })
  }
  const singularAgainst = async (kind: 'singularHessian' | 'singularPca', family: Family, colLabel: string): Promise<void> => {
    const chosen = chooseKernel(context.kernels(), family.selection, experiment)
    if (chosen === null) return
    const { kernel, offset } = chosen
    const shape = { samples: family.samples, layer: kernel.parameter.layer, rowLabel: 'singular matrix', colLabel, dimension: kernel.parameter.size }
    await add(kind, (onRows) => singularOverlaps(kernel, family.vectors, family.selection.size, offset, context.pacing, onRows), shape)
  }
  const withKernel = spectra.find(({ family }) => family.selection.parameters.some(({ role }) => role === 'kernel'))
  if (withKernel) await singularAgainst('singularHessian', withKernel.family, 'Hessian eigenvector')
  if (components === undefined) return results
  await singularAgainst('singularPca', componentFamily(context, components, 'weights'), 'principal component of the weights')
  for (const [kind, of] of [['hessianWeights', 'weights'], ['hessianVelocities', 'velocities']] as const) {
    const family = componentFamily(context, components, of)
    const hessian = spectra.find((candidate) => sameParameters(candidate.family.selection, family.selection))
    if (!hessian) continue
    const shape = { samples: hessian.family.samples, layer: null, rowLabel: `principal component of the ${of}`, colLabel: 'Hessian eigenvector', dimension: family.selection.size }
    await add(kind, (onRows) => vectorOverlaps(family.vectors, hessian.family.vectors, family.selection.size, context.pacing, onRows), shape)
  }
  return results
}

interface OverlapShape {
  readonly kind: OverlapKind
  readonly samples: number
  readonly layer: number | null
  readonly rowLabel: string
  readonly colLabel: string
  readonly dimension: number
}

function overlapResult(context: AnalysisContext, shape: OverlapShape, matrix: OverlapMatrix, start: number): OverlapResult {
  const { kind, samples, ...labels } = shape
  const { rows, cols, values, rowsDone, sharpness } = matrix
  const seconds = (context.pacing.now() - start) / 1000
  return {
    kind: 'overlap',
    overlap: kind,
    ...labels,
    rows,
    cols,
    values,
    rowsDone,
    diagonalSharpness: sharpness,
    provenance: context.provenance(samples, context.experiment.seeds.probes, seconds),
  }
}

function hessianFamily({ bench }: AnalysisContext, { eigenvectors, result }: SpectrumArtifact): Family {
  return { vectors: eigenvectors, selection: selectParameters(bench.network, result.settings.selection), samples: result.provenance.samples }
}

function componentFamily({ bench }: AnalysisContext, artifact: ComponentsArtifact, of: 'weights' | 'velocities'): Family {
  const vectors = of === 'weights' ? artifact.weightComponents : artifact.velocityComponents
  return { vectors, selection: selectParameters(bench.network, artifact.result.measurement.selection), samples: artifact.result.provenance.samples }
}

/** The kernel the view asks for when it is part of the selection, else the first that is. */
function chooseKernel(
  kernels: readonly KernelDecomposition[],
  selection: SelectedParameters,
  experiment: Experiment,
): { readonly kernel: KernelDecomposition; readonly offset: number } | null {
  const within = kernels.flatMap((kernel) => {
    const offset = offsetInSelection(selection, kernel.parameter)
    return offset === null ? [] : [{ kernel, offset }]
  })
  return within.find(({ kernel }) => kernel.parameter.layer === experiment.view.kernel) ?? within[0] ?? null
}

function inOrder<T>(map: ReadonlyMap<number, T>): readonly T[] {
  return [...map.entries()].sort(([a], [b]) => a - b).map(([, artifact]) => artifact)
}

/** Whether two selections span the same space, however they are written. */
function sameParameters(a: SelectedParameters, b: SelectedParameters): boolean {
  return a.size === b.size && a.parameters.every(({ name }, i) => name === b.parameters[i].name)
}
