import type { CurvatureSeriesResult, DemonstrationResult, DensityResult, EigenvectorResult, LabResult, NoiseFilteringResult, SpacingResult, TraceResult } from '../../src/contracts/results.ts'
import type { NdArray } from '../data/nd-array.ts'
import type { AnalysisStage } from './analyses.ts'
import type { SpectrumArtifact, WholeArtifact } from './analysis-artifacts.ts'

type Arrays = Record<string, NdArray>

/** Beginnings of the names of one kind of result's arrays. */
export function prefixesOf(kind: LabResult['kind'], overlap: string | null): readonly string[] {
  switch (kind) {
    case 'spectrum':
      return ['eigen', 'residuals', 'converged', 'iterations', 'weight_product', 'ipr', 'batch_', 'compared_']
    case 'singularValues':
      return ['singular_values']
    case 'principalComponents':
      return ['pc_', 'variances_', 'theta']
    case 'overlap':
      return [`overlap_${overlap ?? ''}`]
    case 'wholeSpectrum':
      return ['whole_']
    case 'density':
      return ['raw_']
    case 'trace':
      return ['trace_', 'diagonal']
    case 'demonstration':
      return ['steps_']
    case 'noiseFiltering':
      return ['filter_']
    case 'curvature':
      return ['curvature_']
    case 'spacings':
      return ['spacings_']
    case 'eigenvectors':
      return ['vectors_']
    case 'check':
      return ['check_']
  }
}

/** Arrays by their usual names; a second analysis of a kind has its number in front (`a2_eigenvalues`). */
export function arraysOf(analyses: AnalysisStage | null): Arrays {
  const arrays: Arrays = {}
  if (analyses === null) return arrays
  analyses.of('spectrum').forEach((artifact, i) => Object.assign(arrays, prefixed(i, spectrumArrays(artifact))))
  analyses.of('wholeSpectrum').forEach((artifact, i) => Object.assign(arrays, prefixed(i, wholeArrays(artifact))))
  analyses.of('density').forEach(({ result }, i) => Object.assign(arrays, prefixed(i, densityArrays(result))))
  analyses.of('trace').forEach(({ result }, i) => Object.assign(arrays, prefixed(i, traceArrays(result))))
  for (const { result } of analyses.of('singularValues')) {
    for (const { layer, singularValues, initial, permuted } of result.kernels) {
      arrays[`singular_values_${layer}`] = vector(singularValues)
      arrays[`singular_values_initial_${layer}`] = vector(initial)
      arrays[`singular_values_permuted_${layer}`] = vector(permuted)
    }
  }
  for (const { result, weightComponents, velocityComponents } of analyses.of('principalComponents')) {
    arrays['pc_weights'] = float64([result.weights.variances.length, result.dimension], weightComponents)
    arrays['pc_velocities'] = float64([result.velocities.variances.length, result.dimension], velocityComponents)
    arrays['variances_weights'] = vector(result.weights.variances)
    arrays['variances_velocities'] = vector(result.velocities.variances)
    arrays['theta_t'] = float64([result.thetaComponents, result.thetaTime.length], result.theta)
  }
  for (const result of analyses.overlaps) {
    arrays[`overlap_${result.overlap}`] = { dtype: 'f4', shape: [result.rows, result.cols], data: result.values }
  }
  analyses.of('demonstration').forEach(({ result }, i) => Object.assign(arrays, prefixed(i, demonstrationArrays(result))))
  analyses.of('noiseFiltering').forEach(({ result }, i) => Object.assign(arrays, prefixed(i, filteringArrays(result))))
  for (const result of analyses.results()) addDerived(arrays, result)
  return arrays
}

function spectrumArrays({ result, eigenvectors }: SpectrumArtifact): Arrays {
  const k = result.eigenvalues.length
  return {
    eigenvalues: vector(result.eigenvalues),
    eigenvectors: float64([k, result.dimension], eigenvectors),
    residuals: vector(result.residuals),
    converged: { dtype: 'u1', shape: [k], data: Uint8Array.from(result.converged, Number) },
    iterations: vector(Float64Array.of(result.products)),
    weight_product: vector(result.weightProduct),
    ipr: vector(result.participation),
    ...(result.batches === null ? {} : { batch_eigenvalues: float64([result.batches.count, result.batches.eigenvalues.length / result.batches.count], result.batches.eigenvalues) }),
    ...(result.compared === null ? {} : { compared_eigenvalues: vector(result.compared.eigenvalues) }),
  }
}

function wholeArrays({ result, eigenvectors }: WholeArtifact): Arrays {
  const { dimension } = result
  const shape = [dimension, dimension]
  const vectors: Arrays =
    eigenvectors === null ? {} : { whole_eigenvectors: eigenvectors instanceof Float64Array ? float64(shape, eigenvectors) : { dtype: 'f4', shape, data: eigenvectors } }
  return {
    whole_eigenvalues: vector(result.eigenvalues),
    whole_residuals: vector(result.residuals),
    whole_checked: vector(Float64Array.from(result.checked)),
    ...vectors,
    ...(result.compared === null ? {} : { whole_compared_eigenvalues: vector(result.compared.eigenvalues) }),
  }
}

function densityArrays({ quadrature: { probes, steps, nodes, weights, residuals } }: DensityResult): Arrays {
  return { raw_eigenvalues: float64([probes, steps], nodes), raw_weights: float64([probes, steps], weights), raw_residuals: float64([probes, steps], residuals) }
}

function traceArrays({ history, diagonal }: TraceResult): Arrays {
  return {
    trace_products: vector(history.products),
    trace_estimates: vector(history.estimates),
    trace_standard_errors: vector(history.standardErrors),
    ...(diagonal === null ? {} : { diagonal: vector(diagonal.values), diagonal_standard_errors: vector(diagonal.standardErrors) }),
  }
}

function demonstrationArrays({ power, lanczos }: DemonstrationResult): Arrays {
  const history = power ?? lanczos ?? {}
  return Object.fromEntries(Object.entries(history).map(([name, values]) => [`steps_${name}`, vector(values as Float64Array)]))
}

function filteringArrays({ removed, curves }: NoiseFilteringResult): Arrays {
  return { filter_removed: vector(removed), ...Object.fromEntries(Object.entries(curves).map(([name, values]) => [`filter_${name}`, vector(values)])) }
}

/** Arrays named after what they come from; of several results of one selection, all but the first have a number in front. */
function addDerived(arrays: Arrays, result: LabResult): void {
  const own = result.kind === 'spacings' ? { [`spacings_${sourceOf(result)}`]: vector(result.spacings) } : result.kind === 'eigenvectors' ? vectorArrays(result) : {}
  let place = 0
  while (Object.keys(prefixed(place, own)).some((name) => name in arrays)) place++
  Object.assign(arrays, prefixed(place, own))
}

function sourceOf({ source }: SpacingResult): string {
  return source.kind === 'wholeSpectrum' ? source.selection.replaceAll('+', '_') : `kernel_${source.layer}`
}

function vectorArrays({ source, participation, weightProduct, concentration, layers, porterThomas }: EigenvectorResult): Arrays {
  const name = `vectors_${source.selection.replaceAll('+', '_')}`
  return {
    [`${name}_ipr`]: vector(participation),
    [`${name}_weight_product`]: vector(weightProduct),
    [`${name}_concentration`]: float64([layers.length, participation.length], concentration),
    [`${name}_porter_thomas_distance`]: vector(porterThomas.distances),
    [`${name}_porter_thomas_p`]: vector(porterThomas.pValues),
  }
}

/** Curvature along training, one array per quantity. */
export function curvatureArrays(result: CurvatureSeriesResult): Arrays {
  const arrays = Object.entries(result).filter((entry): entry is [string, Float64Array] => entry[1] instanceof Float64Array)
  return Object.fromEntries(arrays.map(([name, values]) => [`curvature_${name}`, shaped(name, values, result.largest)]))
}

function shaped(name: string, values: Float64Array, largest: number): NdArray {
  return name === 'eigenvalues' || name === 'residuals' ? float64([values.length / largest, largest], values) : vector(values)
}

function prefixed(place: number, arrays: Arrays): Arrays {
  return place === 0 ? arrays : Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`a${place + 1}_${name}`, array]))
}

function vector(data: Float64Array): NdArray {
  return float64([data.length], data)
}

function float64(shape: readonly number[], data: Float64Array): NdArray {
  return { dtype: 'f8', shape, data }
}
