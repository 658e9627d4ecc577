import { describe, expect, it } from 'vitest'
import { driftFigure } from '../../figures/drift-figure.ts'
import { componentsFixture, OPTIONS } from '../../figures/fixtures.ts'
import { captionedSvg, wrapped } from './caption-svg.ts'

const figure = driftFigure(componentsFixture(), OPTIONS)
const caption = { title: 'Drift <1>', provenance: '2,000 samples', link: 'https://example.org/#v=1&seed=7' }
const plot = '<?xml version="1.0"?><svg class="main-svg"></svg>'

describe('captionedSvg', () => {
  const { svg, size } = captionedSvg(plot, { width: 720, height: 450 }, figure, caption)

  it('is taller than the plot by the caption, and holds plot, title, provenance and link', () => {
    expect(size.width).toBe(720)
    expect(size.height).toBeGreaterThan(500)
    expect(svg).toContain(`viewBox="0 0 720 ${String(size.height)}"`)
    expect(svg).toContain('<svg class="main-svg"></svg>')
    expect(svg).toContain('2,000 samples</text>')
    expect(svg).toContain('https://example.org/#v=1&amp;seed=7</text>')
  })

  it('escapes what is not markup and drops the inner XML declaration', () => {
    expect(svg).toContain('Drift &lt;1&gt;</text>')
    expect(svg).not.toContain('<?xml')
  })

  it('has the title and the summary as accessible name and description', () => {
    expect(svg).toContain('<title>Drift &lt;1&gt;</title>')
    expect(svg).toContain(`<desc>${figure.summary}</desc>`)
  })

  it('grows with a long link', () => {
    const long = captionedSvg(plot, { width: 720, height: 450 }, figure, { ...caption, link: 'x'.repeat(1500) })
    expect(long.size.height).toBeGreaterThan(size.height + 100)
  })
})

describe('wrapped', () => {
  it('breaks at spaces and keeps every word', () => {
    expect(wrapped('one two three four', 9)).toEqual(['one two', 'three', 'four'])
  })

  it('cuts words that are longer than a line and loses no letter', () => {
    const lines = wrapped('a'.repeat(25), 10)
    expect(lines).toEqual(['a'.repeat(10), 'a'.repeat(10), 'a'.repeat(5)])
  })

  it('has no lines for no text', () => {
    expect(wrapped('', 20)).toEqual([])
  })
})
