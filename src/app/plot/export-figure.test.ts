import { describe, expect, it } from 'vitest'
import { driftFigure } from '../../figures/drift-figure.ts'
import { componentsFixture, OPTIONS } from '../../figures/fixtures.ts'
import { figureImage, fileName } from './export-figure.ts'

const figure = driftFigure(componentsFixture(), OPTIONS)
const caption = { title: 'Drift', provenance: '2,000 samples', link: 'https://example.org/' }

/** Answers with an SVG that tells the size it was asked for. */
function fakePlotly() {
  const asked: unknown[] = []
  return {
    asked,
    toImage: (root: unknown, wanted?: { width: number | null; height: number | null }) => {
      asked.push(root)
      const svg = `<svg width="${String(wanted?.width)}" height="${String(wanted?.height)}"><text>50 % θ</text></svg>`
      return Promise.resolve(`data:image/svg+xml,${encodeURIComponent(svg)}`)
    },
  }
}

describe('figureImage', () => {
  it('an SVG holds the plot and its caption, decoded', async () => {
    const blob = await figureImage(fakePlotly(), figure, { width: 1000, height: 600 }, 'svg', caption)
    expect(blob.type).toBe('image/svg+xml')
    const text = await blob.text()
    expect(text).toContain('<svg width="1000" height="600"><text>50 % θ</text></svg>')
    expect(text).toContain('2,000 samples</text>')
  })

  it('is never smaller than a readable picture and leaves the figure as it was', async () => {
    const before = structuredClone(figure)
    const plotly = fakePlotly()
    const blob = await figureImage(plotly, figure, { width: 200, height: 100 }, 'svg', caption)
    expect(await blob.text()).toContain('<svg width="720" height="450">')
    expect(plotly.asked[0]).toMatchObject({ layout: { paper_bgcolor: '#ffffff' } })
    expect(figure).toEqual(before)
  })
})

describe('fileName', () => {
  it('has letters, digits and hyphens only', () => {
    expect(fileName(figure, 'MLP 50, epoch 10', 'svg')).toBe('drift-MLP-50-epoch-10.svg')
    expect(fileName(figure, '', 'png')).toBe('drift.png')
  })
})
