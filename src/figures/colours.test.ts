import { describe, expect, it } from 'vitest'
import { palette, PRGN, variantColour } from './colours.ts'

const THEMES = ['light', 'dark'] as const

/** WCAG 2 relative luminance of #rrggbb. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = parseInt(colour.slice(at, at + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

describe.each(THEMES)('colours of the %s theme', (theme) => {
  const { surface, text, muted, theory, outlier, axis } = palette(theme)

  it('text has AAA contrast and secondary text AA', () => {
    expect(contrast(text, surface)).toBeGreaterThan(7)
    expect(contrast(muted, surface)).toBeGreaterThan(4.5)
  })

  it('every drawn colour has a contrast of 3:1 with the surface', () => {
    const drawn = [...Array.from({ length: 8 }, (_, i) => variantColour(theme, i)), theory, outlier, axis]
    for (const colour of drawn) expect(contrast(colour, surface), colour).toBeGreaterThanOrEqual(3)
  })

  it('eight variants differ and then repeat', () => {
    expect(new Set(Array.from({ length: 8 }, (_, i) => variantColour(theme, i))).size).toBe(8)
    expect(variantColour(theme, 8)).toBe(variantColour(theme, 0))
  })
})

describe('PRGn', () => {
  it('is neutral at its centre and runs from 0 to 1', () => {
    expect(PRGN[4]).toEqual([0.5, '#f7f7f7'])
    expect(PRGN.map(([at]) => at)).toEqual([...PRGN.map(([at]) => at)].sort((a, b) => a - b))
  })
})
