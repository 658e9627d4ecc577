import { z } from 'zod'

/** `all`, one parameter tensor (`2.kernel`, `3.bias`, `4.gamma`), or several joined by `+`. Layers count from 1. */
export const selectionSchema = z
  .string()
  .regex(
    /^(all|\d+\.(kernel|bias|gamma|beta)(\+\d+\.(kernel|bias|gamma|beta))*)$/,
    'a selection is "all", or layers such as "2.kernel" or "2.kernel+2.bias"',
  )

export type Selection = z.infer<typeof selectionSchema>

/** "whole network", "layer 2 kernel", or several of these joined by "and". */
export function describeSelection(selection: Selection): string {
  if (selection === 'all') return 'whole network'
  return selection.split('+').map(describeTensor).join(' and ')
}

/** The same within a sentence: "the whole network", "layer 2 kernel". */
export function selectionPhrase(selection: Selection): string {
  return selection === 'all' ? 'the whole network' : describeSelection(selection)
}

function describeTensor(tensor: string): string {
  const [layer, part] = tensor.split('.')
  return `layer ${layer} ${part}`
}
