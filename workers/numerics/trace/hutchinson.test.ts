import { describe, expect, it } from 'vitest'
import { loadCase } from '../../../fixtures/load.ts'
import { fromFunction, fromMatrix } from '../linear-operator.ts'
import { createRandom } from '../random.ts'
import { symmetricWithSpectrum } from '../test-matrices.ts'
import { hutchinson, type HutchinsonOptions, type HutchinsonProgress } from './hutchinson.ts'

const options = (over: Partial<HutchinsonOptions> = {}): HutchinsonOptions => ({ probes: 50, random: createRandom(3, 'hutchinson'), ...over })
const diagonal = (entries: ArrayLike<number>) => fromFunction(entries.length, (x, y) => x.forEach((value, i) => (y[i] = entries[i] * value)))
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0)

describe('known matrices', () => {
  const n = 120
  const spectrum = Array.from({ length: n }, (_, i) => (i < 4 ? 20 - 4 * i : 0.5 - i / n))
  const matrix = symmetricWithSpectrum(spectrum, createRandom(1, 'hutchinson test matrix'))

  it('trace, ‖A‖_F² and diagonal lie within four standard errors', async () => {
    const result = await hutchinson(fromMatrix(matrix, n), options({ probes: 200 }))
    expect(result).toMatchObject({ probesDone: 200, products: 200, outcome: 'complete' })
    expect(Math.abs(result.trace.value - sum(spectrum))).toBeLessThan(4 * result.trace.standardError)
    const square = sum(spectrum.map((value) => value * value))
    expect(Math.abs(result.frobeniusSquared.value - square)).toBeLessThan(4 * result.frobeniusSquared.standardError)
    result.diagonal.forEach((entry, i) => expect(Math.abs(entry - matrix[i * n + i])).toBeLessThan(4.5 * result.diagonalStandardErrors[i]))
  })

  it('standard errors are those of the theory: Var(vᵀAv) = 2 Σ aᵢⱼ² off the diagonal, Var(vᵢ(Av)ᵢ) = Σ_{j≠i} aᵢⱼ²', async () => {
    const probes = 1000
    const result = await hutchinson(fromMatrix(matrix, n), options({ probes }))
    const rest = Float64Array.from({ length: n }, (_, i) => sum(matrix.subarray(i * n, (i + 1) * n).map((entry, j) => (i === j ? 0 : entry * entry))))
    expect(result.trace.standardError / Math.sqrt((2 * sum(rest)) / probes)).toBeCloseTo(1, 1)
    result.diagonalStandardErrors.forEach((error, i) => expect(error / Math.sqrt(rest[i] / probes)).toBeCloseTo(1, 0))
  })

  it('the diagonal sums to the trace, over all entries and group by group', async () => {
    const groups = [{ start: 0, end: 30 }, { start: 30, end: 31 }, { start: 31, end: n }]
    const { trace, diagonal: entries, groupTraces, groupSamples, traceSamples } = await hutchinson(fromMatrix(matrix, n), options({ groups }))
    expect(sum(entries)).toBeCloseTo(trace.value, 11)
    groups.forEach(({ start, end }, g) => expect(groupTraces[g].value).toBeCloseTo(sum(entries.subarray(start, end)), 11))
    expect(sum(groupTraces.map(({ value }) => value))).toBeCloseTo(trace.value, 11)
    traceSamples.forEach((sample, p) => expect(sum(groupSamples.subarray(3 * p, 3 * p + 3))).toBeCloseTo(sample, 11))
  })

  it('the Hessian of the reference network', async () => {
    const reference = loadCase('c1_mlp_tiny')
    const { trace, frobeniusSquared } = await hutchinson(fromMatrix(reference.array('hessian'), 250), options({ probes: 300 }))
    expect(Math.abs(trace.value - 8.534983)).toBeLessThan(4 * trace.standardError)
    const square = sum(reference.array('eigvals').map((value) => value * value))
    expect(Math.abs(frobeniusSquared.value - square)).toBeLessThan(4 * frobeniusSquared.standardError)
  })
})

describe('special matrices', () => {
  it('a diagonal matrix is exact from the first probe on, without variance', async () => {
    const entries = [3, -2, 0.5, 0, 7]
    const { trace, frobeniusSquared, diagonal: found, diagonalStandardErrors } = await hutchinson(diagonal(entries), options({ probes: 3 }))
    expect(trace).toEqual({ value: 8.5, standardError: 0 })
    expect(frobeniusSquared).toEqual({ value: 62.25, standardError: 0 })
    expect([...found]).toEqual(entries)
    expect([...diagonalStandardErrors]).toEqual([0, 0, 0, 0, 0])
  })

  it('size one and the zero matrix', async () => {
    expect((await hutchinson(diagonal([-4]), options({ probes: 2 }))).trace).toEqual({ value: -4, standardError: 0 })
    const zero = await hutchinson(diagonal(new Float64Array(9)), options({ probes: 2 }))
    expect([zero.trace.value, zero.frobeniusSquared.value]).toEqual([0, 0])
  })

  it('one probe has no standard error', async () => {
    const result = await hutchinson(diagonal([1, 2]), options({ probes: 1 }))
    expect(result.trace).toEqual({ value: 3, standardError: NaN })
    expect([...result.diagonalStandardErrors]).toEqual([NaN, NaN])
  })
})

describe('streaming and ends', () => {
  const n = 30
  const matrix = symmetricWithSpectrum(Array.from({ length: n }, (_, i) => i), createRandom(2, 'hutchinson test matrix'))

  it('reports the running mean and its standard error after every probe', async () => {
    const reports: HutchinsonProgress[] = []
    const { traceSamples, trace } = await hutchinson(fromMatrix(matrix, n), options({ probes: 6, onProbe: (report) => void reports.push(report) }))
    expect(reports.map(({ probesDone, of }) => [probesDone, of])).toEqual([[1, 6], [2, 6], [3, 6], [4, 6], [5, 6], [6, 6]])
    reports.forEach((report, i) => expect(report.trace.value).toBeCloseTo(sum(traceSamples.subarray(0, i + 1)) / (i + 1), 12))
    expect(reports[5].trace).toEqual(trace)
  })

  it('a cancelled run says what its finished probes say', async () => {
    let products = 0
    const counting = fromFunction(n, async (x, y) => {
      products++
      await fromMatrix(matrix, n).apply(x, y)
    })
    const stopped = await hutchinson(counting, options({ shouldStop: () => products === 4 }))
    expect(stopped).toMatchObject({ outcome: 'cancelled', probesDone: 4, products: 4 })
    expect(stopped.trace).toEqual((await hutchinson(fromMatrix(matrix, n), options({ probes: 4 }))).trace)
    const none = await hutchinson(counting, options({ shouldStop: () => true }))
    expect(none).toMatchObject({ outcome: 'cancelled', probesDone: 0, trace: { value: NaN } })
    expect(none.diagonal.every(Number.isNaN)).toBe(true)
  })
})

describe('rejected input', () => {
  it.each([
    [{ probes: 0 }, 'hutchinson: probes=0 is not a whole number from 1 on'],
    [{ groups: [{ start: 0, end: 4 }] }, 'group 0 to 4 leaves a matrix of size 3'],
  ])('%o', async (over, message) => {
    await expect(hutchinson(diagonal([1, 2, 3]), options(over))).rejects.toThrow(message)
  })

  it('size 0, products that are not finite, squares that overflow', async () => {
    await expect(hutchinson(diagonal([]), options())).rejects.toThrow('size 0')
    await expect(hutchinson(diagonal([1, NaN]), options())).rejects.toThrow('hutchinson: a product with the matrix is not finite')
    await expect(hutchinson(diagonal([1e200]), options())).rejects.toThrow('the square of product 1 is Infinity')
  })
})
