import { describe, expect, it } from 'vitest'
import { fromFunction, fromMatrix } from '../linear-operator.ts'
import { createRandom } from '../random.ts'
import { symmetricWithSpectrum } from '../test-matrices.ts'
import { hutchPlusPlus, type HutchPlusPlusOptions, type HutchPlusPlusProgress } from './hutch-plus-plus.ts'
import { hutchinson } from './hutchinson.ts'

const options = (over: Partial<HutchPlusPlusOptions> = {}): HutchPlusPlusOptions => ({ products: 30, random: createRandom(3, 'hutch++'), ...over })
const random = createRandom(1, 'hutch++ test matrices')
const matrixWith = (spectrum: number[]) => fromMatrix(symmetricWithSpectrum(spectrum, random), spectrum.length)
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

describe('known matrices', () => {
  it('a matrix of low rank is exact, and its rank found', async () => {
    const spectrum = [9, 4, 1, -2, ...new Array<number>(60).fill(0)]
    const result = await hutchPlusPlus(matrixWith(spectrum), options())
    expect(result.rank).toBe(4)
    expect(Math.abs(result.trace.value - 12)).toBeLessThan(1e-11)
    expect(result.trace.standardError).toBeLessThan(1e-11)
    expect(result).toMatchObject({ products: 10 + 4 + 10, probesDone: 10, outcome: 'complete' })
  })

  it('a decaying spectrum: within four standard errors, far smaller than those of plain Hutchinson', async () => {
    const spectrum = Array.from({ length: 200 }, (_, i) => 10 / (1 + i) ** 2)
    const operator = matrixWith(spectrum)
    const result = await hutchPlusPlus(operator, options({ products: 60 }))
    expect(result.products).toBe(60)
    expect(Math.abs(result.trace.value - sum(spectrum))).toBeLessThan(4 * result.trace.standardError)
    const plain = await hutchinson(operator, { probes: 60, random: createRandom(3, 'hutchinson') })
    expect(result.trace.standardError).toBeLessThan(plain.trace.standardError / 20)
  })

  it('a flat indefinite spectrum: within four standard errors', async () => {
    const spectrum = Array.from({ length: 150 }, (_, i) => Math.sin(i) + 0.2)
    const { trace, rangeTrace, residualTrace } = await hutchPlusPlus(matrixWith(spectrum), options({ products: 100 }))
    expect(Math.abs(trace.value - sum(spectrum))).toBeLessThan(4 * trace.standardError)
    expect(trace.value).toBe(rangeTrace + residualTrace.value)
  })

  it('a sketch that fills the whole space leaves nothing to sample', async () => {
    const result = await hutchPlusPlus(matrixWith([3, 2, -1]), options({ products: 12 }))
    expect(result).toMatchObject({ rank: 3, probesDone: 0, products: 6, residualTrace: { value: 0, standardError: 0 } })
    expect(result.trace.value).toBeCloseTo(4, 12)
  })

  it('the zero matrix and size one', async () => {
    expect(await hutchPlusPlus(matrixWith([0, 0, 0, 0]), options({ products: 3 }))).toMatchObject({ rank: 0, trace: { value: 0 } })
    const one = await hutchPlusPlus(matrixWith([-5]), options({ products: 3 }))
    expect(one.trace.value).toBeCloseTo(-5, 13)
    expect(one.trace.standardError).toBe(0)
  })
})

describe('streaming and ends', () => {
  const spectrum = Array.from({ length: 40 }, (_, i) => i - 10)
  const operator = matrixWith(spectrum)

  it('reports every product, with the estimate as soon as there is one', async () => {
    const reports: HutchPlusPlusProgress[] = []
    const { trace } = await hutchPlusPlus(operator, options({ products: 9, onProduct: (report) => void reports.push(report) }))
    expect(reports.map(({ products }) => products)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(reports.map((report) => report.trace !== null)).toEqual([false, false, false, false, false, false, true, true, true])
    expect(reports[8].trace).toEqual(trace)
  })

  it('a cancelled run keeps its finished probes; stopped before the first it has no estimate', async () => {
    let products = 0
    const counting = fromFunction(40, async (x, y) => {
      products++
      await operator.apply(x, y)
    })
    const late = await hutchPlusPlus(counting, options({ shouldStop: () => products === 25 }))
    expect(late).toMatchObject({ outcome: 'cancelled', products: 25, probesDone: 5 })
    expect(Math.abs(late.trace.value - sum(spectrum))).toBeLessThan(4 * late.trace.standardError)
    products = 0
    const early = await hutchPlusPlus(counting, options({ shouldStop: () => products === 15 }))
    expect(early).toMatchObject({ outcome: 'cancelled', probesDone: 0, trace: { value: NaN, standardError: NaN } })
  })
})

describe('rejected input', () => {
  it('too few products, size 0, products that are not finite', async () => {
    await expect(hutchPlusPlus(matrixWith([1, 2]), options({ products: 2 }))).rejects.toThrow('hutch++: products=2 is not a whole number from 3 on')
    await expect(hutchPlusPlus(fromMatrix(new Float64Array(0), 0), options())).rejects.toThrow('size 0')
    const failing = fromFunction(5, (_x, y) => void y.fill(-Infinity))
    await expect(hutchPlusPlus(failing, options())).rejects.toThrow('hutch++: a product with the matrix is not finite')
  })
})
