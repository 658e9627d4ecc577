import type { ParameterSummary } from '../../contracts/results.ts'
import { describeSelection } from '../../contracts/selection.ts'
import { describeShape } from '../format/layers.ts'
import { formatCount } from '../format/number.ts'

export interface SelectionChoice {
  readonly selection: string
  /** "layer 2 kernel, 50 × 50 = 2,500" */
  readonly label: string
}

/** What an analysis can look at: each tensor, each layer with all its tensors, the whole network. */
export function selectionChoices(parameters: readonly ParameterSummary[]): readonly SelectionChoice[] {
  const single = parameters.map(({ selection, shape, size }) => ({
    selection,
    label: `${describeSelection(selection)}, ${describeShape(shape)}${shape.length > 1 ? ` = ${formatCount(size)}` : ''}`,
  }))
  const layers = [...new Set(parameters.map(({ layer }) => layer))].map((layer) => wholeLayer(parameters.filter((tensor) => tensor.layer === layer)))
  return [...single, ...layers, { selection: 'all', label: `whole network, ${formatCount(sizeOf(parameters))}` }]
}

/** How many weights a selection has; null while the network is not known or has no such tensor. */
export function selectionSize(selection: string, parameters: readonly ParameterSummary[]): number | null {
  const chosen = selection === 'all' ? parameters : parameters.filter((tensor) => selection.split('+').includes(tensor.selection))
  return chosen.length === 0 ? null : sizeOf(chosen)
}

function wholeLayer(tensors: readonly ParameterSummary[]): SelectionChoice {
  const rest = tensors.slice(1).map(({ selection }) => selection.split('.')[1])
  return {
    selection: tensors.map(({ selection }) => selection).join('+'),
    label: `layer ${tensors[0].layer} with its ${rest.join(' and ')}, ${formatCount(sizeOf(tensors))}`,
  }
}

function sizeOf(tensors: readonly ParameterSummary[]): number {
  return tensors.reduce((sum, { size }) => sum + size, 0)
}
