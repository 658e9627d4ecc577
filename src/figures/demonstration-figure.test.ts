import { describe, expect, it } from 'vitest'
import { demonstrationFigure } from './demonstration-figure.ts'
import { OPTIONS } from './fixtures.ts'
import { demonstrationFixture, lanczosFixture } from './spectral-fixtures.ts'

const power = {
  rayleigh: Float64Array.of(4, 7, 8.5, 8.9),
  residuals: Float64Array.of(3, 1, 0.3, 0),
  angles: Float64Array.of(1.2, Math.PI / 3, 0.4, 0),
}
const named = (figure: ReturnType<typeof demonstrationFigure>, name: string) => figure.data.find((trace) => trace.name === name)

describe('demonstrationFigure of power iteration', () => {
  const result = demonstrationFixture({ power, lanczos: null })

  it('draws the Rayleigh quotient, and the residual on a logarithmic axis at the right', () => {
    const { data, layout } = demonstrationFigure({ result, step: null }, OPTIONS)
    expect(data[0].y).toEqual([4, 7, 8.5, 8.9])
    expect(data[1].y).toEqual([3, 1, 0.3, null])
    expect(layout.yaxis2).toMatchObject({ type: 'log', side: 'right', overlaying: 'y' })
  })

  it('marks the chosen step and says what it did', () => {
    const { data, layout, summary } = demonstrationFigure({ result, step: 2 }, OPTIONS)
    expect(layout.shapes?.[0]).toMatchObject({ x0: 2 })
    const sizes = data[0].marker?.size as number[]
    expect(Math.max(...sizes)).toBe(sizes[1])
    expect(summary).toBe('Step 2: one product with the matrix; the Rayleigh quotient rose from 4.0000 to 7.0000, residual 1.0; the vector turned by 60°.')
    expect(demonstrationFigure({ result, step: 1 }, OPTIONS).summary).toContain('the Rayleigh quotient is 4.0000, residual 3.0; the vector turned by 69°.')
  })
})

describe('demonstrationFigure of Lanczos', () => {
  it('draws the Ritz values of every step, settled ones apart', () => {
    const figure = demonstrationFigure({ result: demonstrationFixture(), step: null }, OPTIONS)
    const drawn = figure.data.reduce((sum, { x }) => sum + (x as number[]).length, 0)
    expect(drawn).toBe(21)
    expect(named(figure, 'settled')?.x).toEqual([4, 5, 6])
    expect(named(figure, 'settled')?.y).toEqual([9, 9, 9])
    expect(named(figure, 'still moving')?.marker?.symbol).toBe('circle-open')
  })

  it('enlarges the chosen step and pales the later ones', () => {
    const moving = named(demonstrationFigure({ result: demonstrationFixture(), step: 3 }, OPTIONS), 'still moving')
    const [x, size, opacity] = [moving?.x as number[], moving?.marker?.size as number[], moving?.marker?.opacity as number[]]
    expect(new Set(x.filter((_, i) => size[i] === Math.max(...size)))).toEqual(new Set([3]))
    expect(x.every((step, i) => opacity[i] < 1 === step > 3)).toBe(true)
  })

  it('says what the step did', () => {
    const { summary } = demonstrationFigure({ result: demonstrationFixture(), step: 3 }, OPTIONS)
    expect(summary).toBe('Step 3: one product with the matrix; the largest Ritz value rose from 7.0000 to 8.0000, residual 0.10; 0 of 3 values have settled; its 3 vectors are orthogonal up to 1 × 10⁻¹⁵.')
    expect(demonstrationFigure({ result: demonstrationFixture(), step: 99 }, OPTIONS).summary).toContain('Step 6: one product with the matrix; the largest Ritz value stayed at 9.0000')
  })

  it('shows copies that lost orthogonality brings', () => {
    const figure = demonstrationFigure({ result: demonstrationFixture({ lanczos: lanczosFixture(6, 6) }), step: null }, OPTIONS)
    expect(named(figure, 'copies')?.x).toEqual([6])
    expect(figure.summary).toContain('2 of 6 values have settled; 1 of them is a copy, because the basis is no longer orthogonal')
    expect(figure.table.rows[5].slice(-3)).toEqual([2, 1, 0.3])
  })

  it('takes equal values for two eigenvalues where the basis is orthogonal', () => {
    const lanczos = { ...lanczosFixture(6, 6), orthogonality: new Float64Array(6).fill(1e-15) }
    expect(named(demonstrationFigure({ result: demonstrationFixture({ lanczos }), step: null }, OPTIONS), 'copies')).toBeUndefined()
  })

  it('thins many steps, but not their ends nor the chosen one', () => {
    const { data } = demonstrationFigure({ result: demonstrationFixture({ lanczos: lanczosFixture(300) }), step: 200 }, OPTIONS)
    const x = data.flatMap((trace) => trace.x as number[])
    expect(x.length).toBeLessThan(5000)
    expect(x.filter((step) => step === 200)).toHaveLength(200)
    expect(x.filter((step) => step === 300).length).toBeGreaterThan(5)
  })

  it('is empty before the first step', () => {
    expect(demonstrationFigure({ result: null, step: null }, OPTIONS).empty).toBe(true)
    expect(demonstrationFigure({ result: demonstrationFixture({ lanczos: lanczosFixture(0) }), step: null }, OPTIONS).empty).toBe(true)
  })
})
