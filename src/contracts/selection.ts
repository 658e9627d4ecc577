import { z } from 'zod'

/** `all`, one parameter tensor (`2.kernel`, `3.bias`, `4.gamma`), or several joined by `+`. Layers count from 1. */
export const selectionSchema = z
  .string()
  .regex(
    /^(all|\d+\.(kernel|bias|gamma|beta)(\+\d+\.(kernel|bias|gamma|beta))*)$/,
    'a selection is "all", or layers such as "2.kernel" or "2.kernel+2.bias"',
  )

export type Selection = z.infer<typeof selectionSchema>
