import type { PanelId } from '../contracts/experiment.ts'

export interface Formula {
  readonly tex: string
  /** Where it comes from, and what it says. */
  readonly words: string
}

/** What a person needs beside one panel. Texts mark symbols as `{hi}`. */
export interface PanelLesson {
  readonly id: PanelId
  readonly title: string
  /** Figure of the thesis, or null. */
  readonly reference: string | null
  /** One sentence under the plot on a projector. */
  readonly caption: string
  /** What will appear here, while there is no result. */
  readonly expects: string
  readonly axes: string
  readonly look: string
  readonly thesis: string
  readonly formulas: readonly Formula[]
  /** Where formula or claim of the thesis is corrected, or could not be confirmed. */
  readonly errata: string | null
  /** Numbers of the claims that this panel decides. */
  readonly claims: readonly number[]
}
