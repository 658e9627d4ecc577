import type { Experiment } from '../../src/contracts/experiment.ts'
import type { OverlapKind, OverlapResult } from '../../src/contracts/results.ts'
import { partOverlaps, singularOverlaps, vectorOverlaps, type OverlapMatrix, type Part } from '../experiments/overlap/overlaps.ts'
import { vectorSet, type VectorSet } from '../experiments/overlap/vector-set.ts'
import type { KernelDecomposition } from '../experiments/singular-values/decompose.ts'
import { offsetInSelection, selectParameters, type SelectedParameters } from '../networks/selection.ts'
import type { Artifacts, ComponentsArtifact, SpectrumArtifact, WholeArtifact } from './analysis-artifacts.ts'
import type { AnalysisContext } from './analysis-context.ts'

/** A family of vectors in the space of a selection. */
interface Family {
  readonly vectors: VectorSet
  readonly selection: SelectedParameters
  /** Training samples that they were computed from. */
  readonly samples: number
}

/** What an overlap map is about, besides its numbers. */
interface OverlapShape {
  readonly samples: number
  readonly layer: number | null
  readonly rowLabel: string
  readonly colLabel: string
  readonly dimension: number
}

type Work = (onRows: (partial: OverlapMatrix) => void) => Promise<OverlapMatrix>

/** All overlaps that the finished analyses allow, streamed row by row. */
export async function runOverlaps(context: AnalysisContext, artifacts: Artifacts): Promise<readonly OverlapResult[]> {
  const maps = new OverlapMaps(context)
  const spectra = hessianFamilies(context, artifacts)
  const withKernel = spectra.find(({ selection }) => selection.parameters.some(({ role }) => role === 'kernel'))
  if (withKernel) await maps.singular('singularHessian', withKernel, 'Hessian eigenvector')
  await layerAgainstNetwork(context, maps, spectra)
  await acrossTime(context, maps, artifacts)
  const [components] = artifacts.of('principalComponents')
  if (components === undefined) return maps.results
  await maps.singular('singularPca', componentFamily(context, components, 'weights'), 'principal component of the weights')
  for (const [kind, of] of [['hessianWeights', 'weights'], ['hessianVelocities', 'velocities']] as const) {
    const family = componentFamily(context, components, of)
    const hessian = spectra.find((candidate) => sameParameters(candidate.selection, family.selection))
    if (!hessian) continue
    const shape = { samples: hessian.samples, layer: null, rowLabel: `principal component of the ${of}`, colLabel: 'Hessian eigenvector', dimension: family.selection.size }
    await maps.add(kind, shape, (onRows) => vectorOverlaps(family.vectors, hessian.vectors, context.pacing, onRows))
  }
  return maps.results
}

/** Computes overlap maps, tells them as they grow, and collects them. */
class OverlapMaps {
  readonly results: OverlapResult[] = []

  constructor(private readonly context: AnalysisContext) {}

  async add(kind: OverlapKind, shape: OverlapShape, work: Work): Promise<void> {
    const { pacing, emit } = this.context
    const start = pacing.now()
    const finished = (matrix: OverlapMatrix): OverlapResult => overlapResult(this.context, kind, shape, matrix, start)
    const result = finished(await work((partial) => emit({ type: 'result', result: finished(partial) })))
    this.results.push(result)
    emit({ type: 'result', result })
  }

  /** Singular matrices of the chosen kernel against a family that covers it. */
  async singular(kind: 'singularHessian' | 'singularPca', family: Family, colLabel: string): Promise<void> {
    const { kernels, experiment, pacing } = this.context
    const chosen = chooseKernel(kernels(), family.selection, experiment)
    if (chosen === null) return
    const { kernel, offset } = chosen
    const shape = { samples: family.samples, layer: kernel.parameter.layer, rowLabel: 'singular matrix', colLabel, dimension: kernel.parameter.size }
    await this.add(kind, shape, (onRows) => singularOverlaps(kernel, family.vectors, offset, pacing, onRows))
  }
}

/** Eigenvectors of one layer's matrix against those of the whole network's (Eq. 7.5, Fig. 7.7). */
async function layerAgainstNetwork({ pacing }: AnalysisContext, maps: OverlapMaps, spectra: readonly Family[]): Promise<void> {
  const ordered = [...spectra].sort((a, b) => b.selection.size - a.selection.size)
  const [network] = ordered
  const layer = ordered.find(({ selection }) => selection.size < network.selection.size && partsOf(selection, network.selection) !== null)
  const parts = layer && partsOf(layer.selection, network.selection)
  if (layer === undefined || !parts) return
  const shape = { samples: layer.samples, layer: null, rowLabel: `eigenvector of ${layer.selection.text}`, colLabel: `eigenvector of ${network.selection.text}`, dimension: network.selection.size }
  await maps.add('layerNetwork', shape, (onRows) => partOverlaps(layer.vectors, network.vectors, parts, pacing, onRows))
}

/** Eigenvectors of one matrix at two checkpoints. */
async function acrossTime({ pacing, bench, state }: AnalysisContext, maps: OverlapMaps, artifacts: Artifacts): Promise<void> {
  for (const { result, eigenvectors, comparedVectors } of artifacts.of('spectrum')) {
    if (comparedVectors === null || result.compared === null) continue
    const { size } = selectParameters(bench.network, result.settings.selection)
    const shape = {
      samples: result.provenance.samples,
      layer: null,
      rowLabel: `eigenvector at epoch ${state.position.epoch}`,
      colLabel: `eigenvector at epoch ${result.compared.epoch}`,
      dimension: size,
    }
    return maps.add('hessianTime', shape, (onRows) => vectorOverlaps(vectorSet(eigenvectors, size), vectorSet(comparedVectors, size), pacing, onRows))
  }
}

function overlapResult(context: AnalysisContext, kind: OverlapKind, { samples, ...labels }: OverlapShape, matrix: OverlapMatrix, start: number): OverlapResult {
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

/** Eigenvectors that are there, whole spectra first: they show more. */
function hessianFamilies(context: AnalysisContext, artifacts: Artifacts): readonly Family[] {
  return [...artifacts.of('wholeSpectrum'), ...artifacts.of('spectrum')].flatMap((artifact) => hessianFamily(context, artifact))
}

function hessianFamily({ bench }: AnalysisContext, { eigenvectors, result }: SpectrumArtifact | WholeArtifact): readonly Family[] {
  if (eigenvectors === null) return []
  const selection = selectParameters(bench.network, result.settings.selection)
  return [{ vectors: vectorSet(eigenvectors, selection.size), selection, samples: result.provenance.samples }]
}

function componentFamily({ bench }: AnalysisContext, artifact: ComponentsArtifact, of: 'weights' | 'velocities'): Family {
  const vectors = of === 'weights' ? artifact.weightComponents : artifact.velocityComponents
  const selection = selectParameters(bench.network, artifact.result.measurement.selection)
  return { vectors: vectorSet(vectors, selection.size), selection, samples: artifact.result.provenance.samples }
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

/** Where the parameters of a selection lie within another one that has them all; null where it does not. */
function partsOf(small: SelectedParameters, large: SelectedParameters): readonly Part[] | null {
  const parts: Part[] = []
  let from = 0
  for (const parameter of small.parameters) {
    const to = offsetInSelection(large, parameter)
    if (to === null) return null
    parts.push({ from, to, size: parameter.size })
    from += parameter.size
  }
  return parts
}

/** Whether two selections span the same space, however they are written. */
function sameParameters(a: SelectedParameters, b: SelectedParameters): boolean {
  return a.size === b.size && a.parameters.every(({ name }, i) => name === b.parameters[i].name)
}
