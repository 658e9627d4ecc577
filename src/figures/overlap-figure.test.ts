import { describe, expect, it } from 'vitest'
import { OPTIONS, overlapFixture, spectrumFixture } from './fixtures.ts'
import { overlapFigure } from './overlap-figure.ts'
import { colourLimit, nullLevel, overlapColourBar } from './overlap-scale.ts'

const options = { ...OPTIONS, clip: null }
const small = overlapFixture({ values: Float32Array.of(0.5, 0.25, 0.125, 0, 0.75, 1), rowsDone: 2 }, 2, 3)

describe('overlapFigure', () => {
  it('puts row 1 at the top, column 1 at the left, and keeps rows as rows', () => {
    const { data, layout } = overlapFigure(small, options)
    expect(data[0].z).toEqual([[0.5, 0.25, 0.125], [0, 0.75, 1]])
    expect(data[0].y).toEqual([1, 2])
    expect(data[0].x).toEqual([1, 2, 3])
    expect(layout.yaxis?.autorange).toBe('reversed')
    expect(layout.yaxis?.title?.text).toBe('i, singular matrices of layer 2')
    expect(layout.xaxis?.title?.text).toBe('j, Hessian eigenvectors of layer 2')
  })

  it('starts its viridis scale at 0 and takes the clip of the user', () => {
    const [map] = overlapFigure(small, { ...options, clip: 0.3 }).data
    expect([map.zmin, map.zmax, map.colorscale]).toEqual([0, 0.3, 'Viridis'])
    expect(map.colorbar?.ticktext).toContain('≥ 0.3')
  })

  it('leaves rows not yet computed clear, blank in the table, and says so', () => {
    const { data, table, summary } = overlapFigure(overlapFixture({ rowsDone: 23 }), options)
    const z = data[0].z as (number | null)[][]
    expect(z[22].every((value) => value !== null)).toBe(true)
    expect(z.slice(23).flat().every((value) => value === null)).toBe(true)
    expect(data[0].hoverongaps).toBe(false)
    expect(table.rows[23].slice(1).every((value) => value === null)).toBe(true)
    expect(summary).toContain('23 of 50 rows are computed')
  })

  it('names indices and the multiple of the null level on hover', () => {
    const [map] = overlapFigure(small, options).data
    expect((map.customdata as string[][])[1][2]).toBe('i = 2, j = 3, 50.00 × 1/√n')
  })

  it('says the brightest cell and the sharpness of the diagonal', () => {
    expect(overlapFigure(small, options).summary).toBe(
      'Overlaps of singular matrices and Hessian eigenvectors of layer 2 (2 × 3): the largest is 1.00 at i = 2, j = 3, 50 times the level of unrelated vectors; values near the diagonal are 4.20 times the average.',
    )
  })

  it('gives eigenvectors of the bottom end their true indices', () => {
    const spectrum = spectrumFixture({ dimension: 42310 }, 30, 10)
    const { table, layout } = overlapFigure(overlapFixture(), { ...options, spectrum })
    expect(table.columns.slice(-2)).toEqual(['j = 42,309', 'j = 42,310'])
    expect(layout.shapes?.[0].x0).toBe(30.5)
    expect(table.rows[49][0]).toBe(50)
  })

  it('counts from 1 when the spectrum given is not the one of the map', () => {
    const { table } = overlapFigure(overlapFixture(), { ...options, spectrum: spectrumFixture({}, 5, 3) })
    expect(table.columns.slice(-1)).toEqual(['j = 40'])
  })

  it('draws row means beside the map when asked for', () => {
    const figure = overlapFigure(small, { ...options, profile: true })
    const profile = figure.data.find(({ name }) => name === 'row mean')
    expect(profile?.x).toEqual([expect.closeTo(0.875 / 3, 7), expect.closeTo(1.75 / 3, 7)])
    expect(figure.layout.xaxis?.domain?.[1]).toBeLessThan(figure.layout.xaxis2?.domain?.[0] ?? 0)
  })

  it('is empty before the first row', () => {
    expect(overlapFigure(overlapFixture({ rowsDone: 0 }), options).empty).toBe(true)
  })
})

describe('colour scale of overlaps', () => {
  it('null level is one over the square root of the dimension', () => {
    expect(nullLevel(2500)).toBe(0.02)
  })

  it('limit is four null levels for noise, the 98th percentile above that, and never above 1', () => {
    expect(colourLimit(new Float32Array(100).fill(0.01), 2500, null)).toBe(0.08)
    expect(colourLimit(Float32Array.from({ length: 100 }, (_, i) => i / 200), 2500, null)).toBeCloseTo(0.485, 6)
    expect(colourLimit(Float32Array.of(NaN), 4, null)).toBe(1)
    expect(colourLimit(Float32Array.of(0.5), 2500, 0.03)).toBe(0.03)
  })

  it('the bar has the null level as a tick of its own', () => {
    const bar = overlapColourBar(0.08, 2500, false)
    expect(bar.tickvals).toEqual([0, 0.02, 0.04, 0.08])
    expect(bar.ticktext?.[1]).toBe('1/√n = 0.020')
    expect(overlapColourBar(0.01, 2500, true).ticktext).toEqual(['0', '0.005', '≥ 0.01'])
  })
})

describe('eigenvectors on both sides', () => {
  const labels = { rowLabel: 'Hessian eigenvectors of layer 2', colLabel: 'Hessian eigenvectors of the whole network' }

  it('of a layer and of the network are counted in their own spectra', () => {
    const result = overlapFixture({ overlap: 'layerNetwork', ...labels }, 40, 40)
    const [layer, network] = [spectrumFixture({}, 30, 10), spectrumFixture({ dimension: 42310 }, 30, 10)]
    const { table, summary } = overlapFigure(result, { ...options, spectrum: network, rowSpectrum: layer })
    expect([table.columns[40], table.rows[39][0]]).toEqual(['j = 42,310', 2500])
    expect(overlapFigure(result, { ...options, spectrum: network }).table.rows[39][0]).toBe(40)
    expect(summary).toMatch(/^Overlaps of Hessian eigenvectors of layer 2 and of the whole network \(40 × 40\)/)
  })

  it('at two checkpoints share one spectrum', () => {
    const result = overlapFixture({ overlap: 'hessianTime', layer: null, rowLabel: 'Hessian eigenvectors at epoch 10', colLabel: 'Hessian eigenvectors at epoch 0' }, 40, 40)
    const { table, summary } = overlapFigure(result, { ...options, spectrum: spectrumFixture({}, 30, 10) })
    expect([table.columns[40], table.rows[39][0]]).toEqual(['j = 2,500', 2500])
    expect(summary).toContain('Overlaps of Hessian eigenvectors at two checkpoints (40 × 40)')
  })
})

describe('maps of more cells than a plot can show', () => {
  const [rows, cols] = [900, 8000]
  const values = new Float32Array(rows * cols).fill(0.02)
  values[0] = 0.5
  const large = overlapFixture({ values }, rows, cols)
  const figure = overlapFigure(large, { ...options, profile: true })
  const z = figure.data[0].z as number[][]

  it('are drawn by blocks with the root mean square of their cells', () => {
    expect(z.length * z[0].length).toBeLessThanOrEqual(400_000)
    const [, tall, wide] = (/blocks of (\d+) × (\d+)\.$/.exec(figure.summary) ?? []).map(Number)
    expect([z.length, z[0].length]).toEqual([Math.ceil(rows / tall), Math.ceil(cols / wide)])
    expect(z[1][1]).toBeCloseTo(0.02, 6)
    expect(z[0][0]).toBeCloseTo(Math.sqrt(0.25 + (tall * wide - 1) * 0.0004) / Math.sqrt(tall * wide), 6)
    expect(figure.summary).toContain('(900 × 8,000): the largest is 0.500 at i = 1, j = 1')
  })

  it('say which indices a block has, and keep the ends of a spectrum apart', () => {
    expect(figure.table.columns[1]).toMatch(/^j = 1 to \d+$/)
    const spectrum = spectrumFixture({ dimension: 42310 }, 5001, 2999)
    const labels = overlapFigure(large, { ...options, spectrum }).table.columns
    expect(labels.some((label) => / 5,001$/.test(label))).toBe(true)
    expect(labels.some((label) => /^j = 39,312 to/.test(label))).toBe(true)
    expect(labels[labels.length - 1]).toMatch(/42,310$/)
  })
})
