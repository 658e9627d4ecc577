import { describe, expect, it } from 'vitest'
import { OPTIONS } from './fixtures.ts'
import { spacingFixture } from './spectral-fixtures.ts'
import { spacingsFigure } from './spacings-figure.ts'

const figure = spacingsFigure({ result: spacingFixture() }, OPTIONS)
const named = (name: string) => figure.data.filter((trace) => trace.name === name)
const area = (x: number[], y: number[]) => x.slice(1).reduce((sum, at, i) => sum + ((at - x[i]) * (y[i] + y[i + 1])) / 2, 0)

describe('spacingsFigure', () => {
  it('draws the measured spacings as a density of area 1', () => {
    const [bars] = named('measured')
    expect((bars.y as number[]).reduce((sum, y) => sum + y * (bars.width as number), 0)).toBeCloseTo(1, 12)
  })

  it.each(['Wigner surmise', 'independent levels'])('%s has area 1 and its distribution in the corner', (name) => {
    const [density, cumulative] = named(name)
    expect(area(density.x as number[], density.y as number[])).toBeCloseTo(1 - Math.exp(-4) * Number(name !== 'Wigner surmise'), 2)
    expect(cumulative.xaxis).toBe('x2')
    expect(cumulative.showlegend).toBe(false)
    const y = cumulative.y as number[]
    expect([y[0], y[y.length - 1]]).toEqual([0, expect.closeTo(1, 1)])
  })

  it('draws measured steps beside the laws that they follow', () => {
    const [steps] = named('measured, cumulative')
    const [x, y] = [steps.x as number[], steps.y as number[]]
    x.forEach((s, i) => expect(Math.abs(y[i] - (1 - Math.exp((-Math.PI / 4) * s * s)))).toBeLessThan(0.01))
  })

  it('says both distances with what they are for spectra that follow the law, and a reading', () => {
    expect(figure.summary).toContain('201 levels of the spectrum of the kernel of layer 2 (unfolded over 15 neighbours, 50 zero to rounding left out)')
    expect(figure.summary).toContain('distance 0.0200 (spectra that follow it: 0.015 to 0.060) to the Wigner surmise')
    expect(figure.summary).toContain('levels repel each other like those of random symmetric matrices.')
    expect(figure.table.rows[0]).toEqual(['Kolmogorov–Smirnov distance', null, null, 0.02, 0.22])
  })

  it.each([
    [0.02, 0.05, 'too few levels'],
    [0.2, 0.05, 'as if independent'],
    [0.1, 0.15, 'the Wigner surmise is closer'],
    [0.2, 0.1, 'independent levels are closer'],
  ])('distances %s and %s: %s', (toWigner, toPoisson, words) => {
    const { wigner, poisson } = spacingFixture()
    const result = spacingFixture({ wigner: { ...wigner, distance: toWigner }, poisson: { ...poisson, distance: toPoisson } })
    expect(spacingsFigure({ result }, OPTIONS).summary).toContain(words)
  })

  it('names a kernel where the levels are its singular values', () => {
    const result = spacingFixture({ source: { kind: 'singularValues', layer: 3 }, dropped: 0 })
    expect(spacingsFigure({ result }, OPTIONS).summary).toContain('of the singular values of layer 3 (unfolded over 15 neighbours)')
  })

  it('says why there are no spacings', () => {
    const problem = 'Only 12 levels are not null: unfolding over 15 neighbours needs 62.'
    const none = spacingsFigure({ result: spacingFixture({ problem }) }, OPTIONS)
    expect([none.empty, none.summary]).toEqual([true, problem])
    expect(spacingsFigure({ result: null }, OPTIONS).empty).toBe(true)
  })
})
