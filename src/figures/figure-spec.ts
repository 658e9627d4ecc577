import type { Layout, PlotData } from 'plotly.js'

export type Theme = 'light' | 'dark'

/** What every figure is told besides its results. */
export interface FigureOptions {
  readonly theme: Theme
  /** Large type for a projector. */
  readonly presenting: boolean
  /** Settings changed since the result was computed: drawn dimmed, and said in the summary. */
  readonly stale: boolean
  /** Which variant of the experiment (0 is a): the colour of its curves in every panel. */
  readonly variant?: number
}

/** One table cell. Null is "no value": not computed yet, or not defined. */
export type Cell = number | string | null

/** The numbers behind a figure, for the table view and for CSV. All rows are as long as `columns`. */
export interface FigureTable {
  /** Headers with units where there are any, such as "eigenvalue". */
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** What the axes of a figure show, in symbol and words; null where there is no such axis. */
export interface FigureAxes {
  readonly x: string
  readonly y: string
  readonly colour: string | null
}

export type Trace = Partial<PlotData>

/** A figure as data: everything a view needs to draw it, list it and say it. */
export interface FigureSpec {
  /** Stable name, such as "spectrum": used in file names, and to keep zoom over updates. */
  readonly id: string
  readonly theme: Theme
  readonly data: readonly Trace[]
  readonly layout: Partial<Layout>
  readonly table: FigureTable
  /** One sentence in plain words, for screen readers and captions. */
  readonly summary: string
  readonly axes: FigureAxes
  /** True when there is nothing to draw yet; the layout then says what is missing. */
  readonly empty: boolean
}
