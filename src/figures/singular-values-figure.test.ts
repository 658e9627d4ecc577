import { describe, expect, it } from 'vitest'
import { kernelFixture, OPTIONS, singularValuesFixture } from './fixtures.ts'
import { chosenKernel, kernelReading, singularValuesFigure } from './singular-values-figure.ts'

const options = { ...OPTIONS, layer: 2 }
const figure = singularValuesFigure(singularValuesFixture(), options)
const named = (name: string) => figure.data.find((trace) => trace.name === name)

describe('singularValuesFigure', () => {
  it('draws bars whose area is one', () => {
    const bars = named('singular values')
    const area = (bars?.y as number[]).reduce((sum, y) => sum + y * (bars?.width as number), 0)
    expect(area).toBeCloseTo(1, 12)
  })

  it('draws the Marchenko–Pastur density between the edges', () => {
    const curve = named('Marchenko–Pastur')
    const [x, y] = [curve?.x as number[], curve?.y as number[]]
    expect([x[0], x[x.length - 1]]).toEqual([0, expect.closeTo(kernelFixture().upperEdge, 12)])
    const area = x.slice(1).reduce((sum, at, i) => sum + ((at - x[i]) * (y[i] + y[i + 1])) / 2, 0)
    expect(area).toBeCloseTo(1, 2)
  })

  it('marks what lies above the bulk edge by another symbol and colour', () => {
    const [bulk, above] = [named('in the bulk'), named('above ν₊')]
    expect(above?.x).toEqual([3.1, 2.6, 2.2])
    expect((bulk?.x as number[]).length).toBe(47)
    expect(above?.marker?.symbol).not.toBe(bulk?.marker?.symbol)
    expect(above?.marker?.color).not.toBe(bulk?.marker?.color)
  })

  it('draws both edges dashed and names those above zero', () => {
    expect(figure.layout.shapes?.map(({ line }) => line?.dash)).toEqual(['dash', 'dash'])
    expect(figure.layout.annotations?.map(({ text }) => text)).toEqual(['ν₊ = 1.98'])
  })

  it('reads the picture in plain words', () => {
    expect(figure.summary).toBe(
      '3 of 50 singular values of dense_2/kernel (50 × 50) lie above the bulk edge 1.98, computed from the initialiser’s standard deviation; the largest is 3.10.',
    )
    expect(kernelReading(kernelFixture({ outliers: 1 }), 'entries')).toContain('1 of 50 singular values of dense_2/kernel (50 × 50) lies above')
  })

  it('lists every value with its place', () => {
    expect(figure.table.rows[2]).toEqual([3, 2.2, 'above the bulk'])
    expect(figure.table.rows).toHaveLength(50)
  })

  it('shows the kernel asked for, the first otherwise', () => {
    const result = singularValuesFixture([kernelFixture({ layer: 1, name: 'dense_1/kernel' }), kernelFixture()])
    expect(chosenKernel(result, 2)?.name).toBe('dense_2/kernel')
    expect(chosenKernel(result, null)?.name).toBe('dense_1/kernel')
    expect(chosenKernel(result, 7)?.name).toBe('dense_1/kernel')
  })

  it('draws no density without a standard deviation, and says when there is no kernel', () => {
    const flat = singularValuesFigure(singularValuesFixture([kernelFixture({ deviation: 0 })]), options)
    expect(flat.data.some(({ name }) => name === 'Marchenko–Pastur')).toBe(false)
    expect(singularValuesFigure(singularValuesFixture([]), options).empty).toBe(true)
  })
})
