import { describeSelection } from '../format/settings.ts'
import { formatCount } from '../format/number.ts'
import type { TensorShape } from './parameters.ts'

export interface SelectionChoice {
  readonly selection: string
  /** "layer 2 kernel, 50 × 50 = 2,500" */
  readonly label: string
}

/** What an analysis can look at: each tensor, each layer with its bias, the whole network. */
export function selectionChoices(tensors: readonly TensorShape[]): readonly SelectionChoice[] {
  const total = tensors.reduce((sum, tensor) => sum + tensor.size, 0)
  const single = tensors.map((tensor) => ({
    selection: tensor.selection,
    label: `${describeSelection(tensor.selection)}, ${tensor.shape.join(' × ')}${tensor.shape.length > 1 ? ` = ${formatCount(tensor.size)}` : ''}`,
  }))
  const layers = [...new Set(tensors.map((tensor) => tensor.layer))].map((layer) => {
    const size = tensors.filter((tensor) => tensor.layer === layer).reduce((sum, tensor) => sum + tensor.size, 0)
    return { selection: `${layer}.kernel+${layer}.bias`, label: `layer ${layer} with its bias, ${formatCount(size)}` }
  })
  return [...single, ...layers, { selection: 'all', label: `whole network, ${formatCount(total)}` }]
}
