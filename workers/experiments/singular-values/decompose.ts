import type { NetworkSettings, SingularValuesAnalysis } from '../../../src/contracts/experiment.ts'
import type { KernelSpectrum } from '../../../src/contracts/results.ts'
import { initialDeviation } from '../../networks/initialise.ts'
import type { Network, Parameter } from '../../networks/network.ts'
import { kernelMatrixShape } from '../../networks/selection.ts'
import { countOutliers, entryDeviation, marchenkoPasturEdges } from '../../numerics/marchenko-pastur.ts'
import { svd, type Svd } from '../../numerics/svd.ts'

/** One kernel W [rows, cols] = U·diag(ν)·Vᵀ. */
export interface KernelDecomposition {
  readonly parameter: Parameter
  readonly decomposition: Svd
}

/** SVD of every kernel of a network, in layer order. */
export function decomposeKernels(network: Network, weights: Float32Array | Float64Array): readonly KernelDecomposition[] {
  return network.parameters
    .filter((parameter) => parameter.role === 'kernel')
    .map((parameter) => {
      const [rows, cols] = kernelMatrixShape(parameter)
      const values = Float64Array.from(weights.subarray(parameter.offset, parameter.offset + parameter.size))
      return { parameter, decomposition: svd(values, rows, cols) }
    })
}

/** Singular values against the Marchenko–Pastur law with the chosen standard deviation (Eq. 4.2, corrected). */
export function kernelSpectrum(
  { parameter, decomposition }: KernelDecomposition,
  edge: SingularValuesAnalysis['edge'],
  initialiser: NetworkSettings['initialiser'],
  weights: Float32Array | Float64Array,
): KernelSpectrum {
  const [rows, cols] = kernelMatrixShape(parameter)
  const entries = Float64Array.from(weights.subarray(parameter.offset, parameter.offset + parameter.size))
  const deviation = entryDeviation(entries, edge === 'initialiser' ? { kind: edge, sd: initialDeviation(parameter, initialiser) } : { kind: edge })
  const { lower, upper } = marchenkoPasturEdges(rows, cols, deviation)
  const singularValues = decomposition.singularValues
  return {
    layer: parameter.layer,
    name: parameter.name,
    rows,
    cols,
    singularValues,
    deviation,
    lowerEdge: lower,
    upperEdge: upper,
    outliers: countOutliers(singularValues, upper),
  }
}
