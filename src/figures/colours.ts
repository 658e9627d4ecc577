import type { Theme } from './figure-spec.ts'

/**
 * Eight colours for variants and seeds: the set of Okabe and Ito (2008), each darkened or lightened until it has a
 * contrast of 3:1 with the surface it is drawn on. Vermillion comes late: red is kept for what failed.
 */
const VARIANTS: Readonly<Record<Theme, readonly string[]>> = {
  light: ['#0072b2', '#b37a00', '#008763', '#b3568c', '#2787bf', '#c75000', '#8a7f00', '#333333'],
  dark: ['#4aa8e0', '#e69f00', '#1dbd8f', '#cc79a7', '#8fd0f5', '#ee7733', '#f0e442', '#e6e6e6'],
}

/** Neutral tones and roles of one theme. */
export interface Palette {
  readonly surface: string
  readonly text: string
  /** Secondary text and reference lines. */
  readonly muted: string
  readonly grid: string
  readonly axis: string
  /** Theory and fits. */
  readonly theory: string
  /** What stands out: outliers, eigenvalues above the bulk. */
  readonly outlier: string
  /** Translucent fill of null bands. */
  readonly band: string
}

const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: {
    surface: '#ffffff',
    text: '#1b1d20',
    muted: '#555a60',
    grid: '#e8e8e2',
    axis: '#8c8f8a',
    theory: '#b37a00',
    outlier: '#b3568c',
    band: 'rgba(92, 101, 112, 0.14)',
  },
  dark: {
    surface: '#1a1d22',
    text: '#eaebed',
    muted: '#a9afb7',
    grid: '#31363e',
    axis: '#7d848d',
    theory: '#e69f00',
    outlier: '#cc79a7',
    band: 'rgba(163, 172, 182, 0.2)',
  },
}

export function palette(theme: Theme): Palette {
  return PALETTES[theme]
}

/** Colour of variant `index` (0 is a); beyond eight they repeat. */
export function variantColour(theme: Theme, index: number): string {
  const colours = VARIANTS[theme]
  return colours[index % colours.length]
}

/** Magnitudes, 0 dark. */
export const VIRIDIS = 'Viridis'

/** Signed values centred at 0: purple for negative, green for positive (ColorBrewer's PRGn). */
export const PRGN: [number, string][] = [
  [0, '#40004b'],
  [0.125, '#762a83'],
  [0.25, '#9970ab'],
  [0.375, '#c2a5cf'],
  [0.5, '#f7f7f7'],
  [0.625, '#a6dba0'],
  [0.75, '#5aae61'],
  [0.875, '#1b7837'],
  [1, '#00441b'],
]
