import type { Layout, LayoutAxis } from 'plotly.js'
import { palette } from './colours.ts'
import type { Theme } from './figure-spec.ts'
import { formatNumber } from './numbers.ts'
import { extent } from './statistics.ts'

/** Type sizes of a figure in pixels. */
export interface FigureSizes {
  readonly text: number
  readonly small: number
  readonly marker: number
  readonly line: number
}

const PANEL: FigureSizes = { text: 13, small: 12, marker: 6, line: 1.75 }
const PROJECTOR: FigureSizes = { text: 22, small: 19, marker: 10, line: 3 }

export const SANS = '"Source Sans 3 Variable", "Source Sans 3", system-ui, sans-serif'

export function figureSizes(presenting: boolean): FigureSizes {
  return presenting ? PROJECTOR : PANEL
}

/** What all figures share: type, grid, ticks, margins, legend and hover, for one theme and size. */
export function baseLayout(theme: Theme, presenting: boolean): Partial<Layout> {
  const { text, muted, grid, axis, surface } = palette(theme)
  const sizes = figureSizes(presenting)
  const axes = axisDefaults(theme, presenting)
  return {
    template: { layout: { xaxis: axes, yaxis: axes } },
    font: { family: SANS, size: sizes.text, color: text },
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    autosize: true,
    // Automatic axis margins add to these, so labels are never cut.
    margin: presenting ? { t: 48, r: 28, b: 24, l: 28, pad: 0 } : { t: 28, r: 14, b: 12, l: 12, pad: 0 },
    showlegend: true,
    legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.01, yanchor: 'bottom', font: { size: sizes.small } },
    hovermode: 'closest',
    hoverlabel: { bgcolor: surface, bordercolor: axis, font: { family: SANS, size: sizes.small, color: text }, align: 'left' },
    modebar: { bgcolor: 'rgba(0,0,0,0)', color: muted, activecolor: text, orientation: 'h' },
    colorway: [text, muted, grid],
    dragmode: 'zoom',
  }
}

function axisDefaults(theme: Theme, presenting: boolean): Partial<LayoutAxis> {
  const { grid, axis, muted } = palette(theme)
  const sizes = figureSizes(presenting)
  return {
    automargin: true,
    gridcolor: grid,
    gridwidth: 1,
    linecolor: axis,
    linewidth: 1,
    showline: true,
    zeroline: false,
    ticks: 'outside',
    ticklen: 4,
    tickcolor: axis,
    tickfont: { size: sizes.small, color: muted },
    title: { standoff: 8 },
    exponentformat: 'power',
    separatethousands: true,
    hoverformat: '.3~g',
  }
}

/** Heads the shared hover box of an axis, such as `epoch 3`; `%{x}` stands for the place. */
export function hoverTitle(text: string): Partial<LayoutAxis> & { unifiedhovertitle: object } {
  return { unifiedhovertitle: { text } }
}

/** A logarithmic axis: one label per decade, minor ticks between. */
export function logAxis(theme: Theme): Partial<LayoutAxis> & { minor: object } {
  const { axis } = palette(theme)
  return { type: 'log', dtick: 1, exponentformat: 'power', minor: { ticks: 'outside', ticklen: 2, tickcolor: axis, dtick: 'D1' } }
}

/** As {@link logAxis}; where the values span less than two decades, 1, 2 and 5 of every decade are labelled. */
export function fittedLogAxis(theme: Theme, values: ArrayLike<number>): Partial<LayoutAxis> {
  const positive = Array.from(values).filter((value) => value > 0 && Number.isFinite(value))
  const [low, high] = extent(positive)
  if (positive.length === 0 || high / low >= 100) return logAxis(theme)
  const decades = Array.from({ length: Math.floor(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 }, (_, i) => Math.floor(Math.log10(low)) + i)
  const ticks = decades.flatMap((decade) => [1, 2, 5].map((digit) => digit * 10 ** decade))
  return { ...logAxis(theme), tickmode: 'array', tickvals: ticks, ticktext: ticks.map((tick) => formatNumber(tick, 1)) }
}
