import type { FilteredReading, NoiseFilteringResult } from '../../../src/contracts/results.ts'
import type { BufferHandle } from '../../engine/tensor.ts'
import type { Engine } from '../../engine/engine.ts'
import { offsetInSelection, type SelectedParameters } from '../../networks/selection.ts'
import { marchenkoPasturEdge } from '../../numerics/marchenko-pastur.ts'
import { fitBulk } from '../../numerics/random-matrix/bulk-fit.ts'
import { rebuild, removeSmallest, shrinkOptimally, softThreshold } from '../../numerics/random-matrix/noise-filter.ts'
import type { Pacing } from '../deps.ts'
import type { KernelDecomposition } from './decompose.ts'

/** Loss and accuracy at the weights in a buffer. */
export interface FilterBench {
  readonly engine: Engine
  /** Holds a flat state of the network; what is read follows from it. */
  readonly weights: BufferHandle
  read(): Promise<FilteredReading>
}

export type FilteringFindings = Pick<NoiseFilteringResult, 'layers' | 'removed' | 'curves' | 'treatments'>

type Treatment = NoiseFilteringResult['treatments'][number]

/** Kernels that are filtered, with the deviation of their bulk. */
interface Filtered {
  readonly kernel: KernelDecomposition
  readonly deviation: number
}

/**
 * Loss and accuracy as the smallest singular values of the selected kernels are removed, share by share, and after three
 * treatments of everything inside the fitted Marchenko–Pastur bulk. Null when stopped.
 */
export async function filterNoise(bench: FilterBench, state: Float32Array | Float64Array, kernels: readonly KernelDecomposition[], points: number, pacing: Pacing, onPoint: (done: number, of: number) => void): Promise<FilteringFindings | null> {
  const filtered = kernels.map((kernel) => ({ kernel, deviation: bulkDeviation(kernel) }))
  const removed = Float64Array.from({ length: points }, (_, i) => i / (points - 1))
  const of = points + TREATMENTS.length
  const readings: FilteredReading[] = []
  const readAt = async (change: (filtered: Filtered) => Float64Array): Promise<FilteredReading | null> => {
    await pacing.breathe()
    if (pacing.signal.aborted) return null
    bench.engine.write(bench.weights, changedState(state, filtered, change))
    const reading = await bench.read()
    readings.push(reading)
    onPoint(readings.length, of)
    return reading
  }
  for (const share of removed) {
    if ((await readAt(({ kernel }) => removeSmallest(kernel.decomposition.singularValues, share))) === null) return null
  }
  const curves = curvesOf(readings)
  const treatments: Treatment[] = []
  for (const { name, change } of TREATMENTS) {
    const reading = await readAt(change)
    if (reading === null) return null
    treatments.push({ name, removed: zeroShare(filtered, change), reading })
  }
  return { layers: kernels.map(({ parameter }) => parameter.layer), removed, curves, treatments }
}

const TREATMENTS: readonly { readonly name: Treatment['name']; readonly change: (filtered: Filtered) => Float64Array }[] = [
  { name: 'bulk removed', change: (filtered) => filtered.kernel.decomposition.singularValues.map((value) => (value > edgeOf(filtered) ? value : 0)) },
  { name: 'soft threshold', change: (filtered) => softThreshold(filtered.kernel.decomposition.singularValues, edgeOf(filtered)) },
  { name: 'optimal shrinkage', change: ({ kernel, deviation }) => shrinkOptimally(kernel.decomposition.singularValues, kernel.rows, kernel.cols, deviation) },
]

/** The kernels among decompositions that a selection has. */
export function kernelsIn(selection: SelectedParameters, kernels: readonly KernelDecomposition[]): readonly KernelDecomposition[] {
  return kernels.filter(({ parameter }) => offsetInSelection(selection, parameter) !== null)
}

function bulkDeviation({ decomposition, rows, cols }: KernelDecomposition): number {
  return fitBulk(decomposition.singularValues, rows, cols).sd
}

function edgeOf({ kernel, deviation }: Filtered): number {
  return marchenkoPasturEdge(kernel.rows, kernel.cols, deviation)
}

/** The flat state with other singular values in the filtered kernels. */
function changedState(state: Float32Array | Float64Array, filtered: readonly Filtered[], change: (filtered: Filtered) => Float64Array): Float32Array {
  const changed = Float32Array.from(state)
  for (const one of filtered) {
    const { parameter, decomposition } = one.kernel
    const values = change(one)
    const isSame = values.every((value, i) => value === decomposition.singularValues[i])
    if (!isSame) changed.set(rebuild(decomposition, values), parameter.offset)
  }
  return changed
}

function zeroShare(filtered: readonly Filtered[], change: (filtered: Filtered) => Float64Array): number {
  const values = filtered.flatMap((one) => [...change(one)])
  return values.filter((value) => value === 0).length / values.length
}

function curvesOf(readings: readonly FilteredReading[]): FilteringFindings['curves'] {
  const column = (name: keyof FilteredReading): Float64Array => Float64Array.from(readings, (reading) => reading[name])
  return { trainLoss: column('trainLoss'), trainAccuracy: column('trainAccuracy'), testLoss: column('testLoss'), testAccuracy: column('testAccuracy') }
}
