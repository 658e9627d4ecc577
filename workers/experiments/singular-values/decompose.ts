import type { SingularValuesAnalysis } from '../../../src/contracts/experiment.ts'
import type { Network, Parameter } from '../../networks/network.ts'
import { kernelMatrixShape } from '../../networks/selection.ts'
import { svd, type Svd } from '../../numerics/svd.ts'

/** One kernel W [rows, cols] = U·diag(ν)·Vᵀ. */
export interface KernelDecomposition {
  readonly parameter: Parameter
  readonly rows: number
  readonly cols: number
  readonly decomposition: Svd
}

/** SVD of every kernel of a network, in layer order. */
export function decomposeKernels(network: Network, weights: Float32Array | Float64Array, reshape: SingularValuesAnalysis['reshape'] = 'thesis'): readonly KernelDecomposition[] {
  return network.parameters
    .filter((parameter) => parameter.role === 'kernel')
    .map((parameter) => {
      const [rows, cols] = matrixShape(parameter, reshape)
      return { parameter, rows, cols, decomposition: svd(kernelValues(parameter, weights), rows, cols) }
    })
}

/** A kernel's entries as a matrix: those of a convolution as the thesis has them, or with one column per filter. */
export function matrixShape(parameter: Parameter, reshape: SingularValuesAnalysis['reshape']): readonly [rows: number, cols: number] {
  const { shape, size } = parameter
  if (reshape === 'thesis' || shape.length !== 4) return kernelMatrixShape(parameter)
  return [size / shape[3], shape[3]]
}

/** Entries of one parameter in float64. */
export function kernelValues({ offset, size }: Parameter, weights: Float32Array | Float64Array): Float64Array {
  return Float64Array.from(weights.subarray(offset, offset + size))
}
