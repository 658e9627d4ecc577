/** Plotly's core (which brings scatter) with the two other trace types in use. Only ever imported on demand. */
import * as core from 'plotly.js/lib/core'
import * as bar from 'plotly.js/lib/bar'
import * as heatmap from 'plotly.js/lib/heatmap'
import { unwrapDefault } from './unwrap-default.ts'

export type Plotly = typeof core

/** Plotly, ready to draw scatter, bar and heatmap traces. */
export const plotly: Plotly = unwrapDefault(core)

plotly.register([unwrapDefault(bar), unwrapDefault(heatmap)])
