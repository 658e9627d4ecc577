import { LabError } from '../../src/contracts/errors.ts'
import type { Network, Parameter } from './network.ts'

/** The parameters an analysis looks at, in layout order, as one compact vector of `size` numbers. */
export interface SelectedParameters {
  readonly text: string
  readonly parameters: readonly Parameter[]
  readonly size: number
}

/** Reads `all`, `2.kernel`, `2.kernel+2.bias`. Throws a `LabError` that lists what there is. */
export function selectParameters(network: Network, text: string): SelectedParameters {
  const names = new Set(text.split('+'))
  const known = network.parameters.map(selectionName)
  const unknown = [...names].filter((name) => name !== 'all' && !known.includes(name))
  if (unknown.length > 0) {
    throw new LabError('bad-settings', `The selection ${unknown.join(', ')} is not part of the network ${network.description}.`, `Choose "all" or one of ${known.join(', ')}.`)
  }
  const parameters = names.has('all') ? network.parameters : network.parameters.filter((parameter) => names.has(selectionName(parameter)))
  return { text, parameters, size: parameters.reduce((sum, parameter) => sum + parameter.size, 0) }
}

/** `2.kernel` */
export function selectionName(parameter: Parameter): string {
  return `${parameter.layer}.${parameter.role}`
}

/** The selected entries of a flat vector, as float64, [selection.size]. */
export function gather(selection: SelectedParameters, flat: Float32Array | Float64Array): Float64Array {
  const compact = new Float64Array(selection.size)
  let at = 0
  for (const { offset, size } of selection.parameters) {
    compact.set(flat.subarray(offset, offset + size), at)
    at += size
  }
  return compact
}

/** Writes a compact vector's entries to their places in a flat one; the others stay. */
export function scatter<T extends Float32Array | Float64Array>(selection: SelectedParameters, compact: Float64Array, flat: T): T {
  let at = 0
  for (const { offset, size } of selection.parameters) {
    flat.set(compact.subarray(at, at + size), offset)
    at += size
  }
  return flat
}

/** Offset of a parameter in the compact vector of a selection, or null when it is not selected. */
export function offsetInSelection(selection: SelectedParameters, parameter: Parameter): number | null {
  let at = 0
  for (const candidate of selection.parameters) {
    if (candidate.name === parameter.name) return at
    at += candidate.size
  }
  return null
}

/**
 * A kernel as a matrix [rows, cols] of its entries as they lie: [in, out] of dense layers, [kh·kw, in·out] of
 * convolutions (the thesis's reshape).
 */
export function kernelMatrixShape({ shape }: Parameter): readonly [rows: number, cols: number] {
  if (shape.length !== 4) return [shape[0], shape[1]]
  const [height, width, inputs, filters] = shape
  return [height * width, inputs * filters]
}
