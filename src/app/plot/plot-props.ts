import type { Ref } from 'react'
import type { FigureSpec } from '../../figures/figure-spec.ts'

/** What is written under an exported picture. */
export interface Caption {
  readonly title: string
  /** Samples, seed, engine, precision, seconds. */
  readonly provenance: string
  /** Permalink of the experiment. */
  readonly link: string
}

export type ImageFormat = 'png' | 'svg'

/** What a parent can ask of a drawn plot. */
export interface PlotHandle {
  /** The figure with its caption embedded, as a file. Rejects before Plotly has loaded. */
  toImage(format: ImageFormat, caption: Caption): Promise<Blob>
  /** Back to the full axes. */
  resetView(): void
  focus(): void
}

/** A mark that was clicked: the name of its trace and where it lies in axis units. */
export interface PickedPoint {
  readonly trace: string
  readonly x: number
  readonly y: number
}

export interface PlotProps {
  readonly figure: FigureSpec
  readonly title: string
  readonly className?: string
  readonly onPick?: (point: PickedPoint) => void
  readonly ref?: Ref<PlotHandle>
}
