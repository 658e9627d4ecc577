import { describe, expect, it } from 'vitest'
import { KERNEL_STATISTICS, kernelFixture, OPTIONS, singularValuesFixture } from './fixtures.ts'
import { kernelTable } from './kernel-table.ts'
import { chosenKernel, singularValuesFigure } from './singular-values-figure.ts'
import { kernelReading, statisticsReading } from './singular-values-words.ts'

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

  it('draws the chosen edges solid with their margin, the others dashed, and names all on hover', () => {
    const [margin, ...lines] = figure.layout.shapes ?? []
    expect([margin.type, margin.x0, margin.x1]).toEqual(['rect', expect.closeTo(1.98 - 0.02, 2), expect.closeTo(1.98 + 0.02, 2)])
    expect(lines.map(({ line }) => line?.dash)).toEqual(['solid', 'solid', 'dash', 'dash', 'dash'])
    expect(lines.slice(2).map(({ x0 }) => x0)).toEqual([2.09, 1.95, 2.05])
    expect(figure.layout.annotations?.map(({ text }) => text)).toEqual(['ν₊ = 1.98'])
    expect((named('bulk edges')?.customdata as string[][])[0]).toEqual(['the initialiser’s standard deviation (chosen)', '1.98'])
  })

  it('outlines the values before training and of permuted entries, on request not', () => {
    expect(named('initial')?.line?.shape).toBe('hv')
    expect(named('permuted')?.line?.dash).toBe('dot')
    expect(singularValuesFigure(singularValuesFixture(), { ...options, overlays: false }).data.some(({ name }) => name === 'initial')).toBe(false)
  })

  it('draws bars and curve of area one by the logarithm too', () => {
    const log = singularValuesFigure(singularValuesFixture(), { ...options, scale: 'log' })
    const bars = log.data.find(({ name }) => name === 'singular values')
    expect((bars?.y as number[]).reduce((sum, y) => sum + y * (bars?.width as number), 0)).toBeCloseTo(1, 12)
    const curve = log.data.find(({ name }) => name === 'Marchenko–Pastur')
    const [x, y] = [curve?.x as number[], curve?.y as number[]]
    const area = x.slice(1).reduce((sum, at, i) => sum + ((at - x[i]) * (y[i] + y[i + 1])) / 2, 0)
    expect(area).toBeCloseTo(1, 1)
    expect(log.data.find(({ name }) => name === 'above ν₊')?.x).toEqual([3.1, 2.6, 2.2].map(Math.log10))
    expect(log.axes.x).toContain('log₁₀')
  })

  it('reads the picture in plain words', () => {
    expect(kernelReading(kernelFixture(), 'initialiser')).toBe(
      '3 of 50 singular values of dense_2/kernel (50 × 50) lie above the bulk edge 1.98, computed from the initialiser’s standard deviation; the largest is 3.10.',
    )
    expect(kernelReading(kernelFixture({ outliers: 1 }), 'entries')).toContain('1 of 50 singular values of dense_2/kernel (50 × 50) lies above')
  })

  it('says what other edges, the bulk and the tail make of it', () => {
    expect(figure.summary).toContain('By other definitions: 3 above 2.09 (the standard deviation of its entries), 3 above 1.95 (a law fitted to the bulk), 3 above 2.05 ± 0.03 (its entries in random order).')
    expect(figure.summary).toContain('varies by 0.020 about the edge')
    expect(figure.summary).toContain('exponent α = 2.9 ± 0.4, fitted to 22 values from 1.20 on.')
    const heavyTail = { ...KERNEL_STATISTICS.heavyTail, valid: false, reason: 'Only 4 values are in the tail.' }
    const none = kernelFixture({ statistics: { ...KERNEL_STATISTICS, heavyTail } })
    expect(statisticsReading(none, 'fit')).toContain('A power law of the tail says nothing here: Only 4 values are in the tail.')
    expect(kernelTable(singularValuesFixture([none])).rows[0].slice(5, 7)).toEqual([null, null])
  })

  it('lists all kernels as WeightWatcher does', () => {
    const { columns, rows } = kernelTable(singularValuesFixture([kernelFixture({ rows: 20, cols: 50 })]))
    expect(columns.join()).toBe('layer_id,name,N,M,Q,alpha,D,num_spikes,mp_softrank,stable_rank')
    expect(rows).toEqual([[2, 'dense_2/kernel', 50, 20, 2.5, 2.9, 0.08, 3, 0.41, 8.4]])
  })

  it('lists every value with its place', () => {
    expect(figure.table.rows[2].slice(0, 3)).toEqual([3, 2.2, 'above the bulk'])
    expect(figure.table.rows[0].slice(3)).toEqual([kernelFixture().initial[0], 2.05])
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
