import { describe, expect, test } from 'vitest'
import type { DemonstrationAnalysis, TraceAnalysis } from '../../../src/contracts/experiment.ts'
import { symmetricEigen } from '../../numerics/symmetric-eigen.ts'
import type { Pacing } from '../deps.ts'
import { columnsOf, curvatureOf, matrixBench, NO_DECAY, traceOf } from '../test-matrix.ts'
import { testPacing } from '../test-pacing.ts'
import { demonstrate } from './demonstration.ts'
import { spectralDensity, type Density } from './density.ts'
import { withMatrix, type Matrix } from './matrix.ts'
import { estimateTrace, type TraceFindings } from './trace.ts'

const bench = matrixBench()
const dense = await columnsOf(bench, curvatureOf('all'))
const { eigenvalues } = symmetricEigen(dense.values, dense.size)
const exactTrace = traceOf(dense)
const exactNorm = dense.values.reduce((sum, entry) => sum + entry * entry, 0)

const onAll = <T>(work: (matrix: Matrix) => Promise<T>): Promise<T> => withMatrix(bench.deps, bench.state, curvatureOf('all'), NO_DECAY, work)

/** Stops at the breath of a number. */
function stoppingAt(breath: number): Pacing {
  const pacing = testPacing()
  let left = breath
  return { ...pacing, breathe: async () => (--left === 0 ? pacing.stop() : undefined) }
}

describe('spectral density', () => {
  const density = async (given: { probes: number; steps: number }, pacing: Pacing = testPacing(), partial: Density[] = []) =>
    onAll((matrix) => spectralDensity(matrix, given, 3, pacing, { onStep: () => undefined, onProbe: (found) => void partial.push(found) }))

  test('of every probe is a measure of weight 1 within the spectrum', async () => {
    const found = await density({ probes: 5, steps: 12 })
    if (found === null) throw new Error('expected a density')
    const { nodes, weights, probes, steps } = found.quadrature
    expect([probes, steps, nodes.length]).toEqual([5, 12, 60])
    for (let probe = 0; probe < 5; probe++) expect(weights.subarray(12 * probe, 12 * probe + 12).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
    expect(Math.max(...nodes)).toBeLessThanOrEqual(eigenvalues[0] + 1e-12)
    expect(Math.min(...nodes)).toBeGreaterThanOrEqual(eigenvalues[dense.size - 1] - 1e-12)
    expect([found.products, found.probesDone, found.outcome]).toEqual([60, 5, 'max-steps'])
  })

  test('gives trace, norm and negative mass within their errors', async () => {
    const found = await density({ probes: 24, steps: 20 })
    const negative = eigenvalues.reduce((sum, value) => sum + Math.max(0, -value), 0) / eigenvalues.reduce((sum, value) => sum + Math.abs(value), 0)
    const { trace, squaredNorm, negativeMass } = found?.moments ?? { trace: null, squaredNorm: null, negativeMass: null }
    expect(Math.abs((trace?.value ?? NaN) - exactTrace)).toBeLessThan(4 * (trace?.standardError ?? NaN))
    expect(Math.abs((squaredNorm?.value ?? NaN) - exactNorm)).toBeLessThan(4 * (squaredNorm?.standardError ?? NaN))
    expect(Math.abs((negativeMass?.value ?? NaN) - negative)).toBeLessThan(4 * (negativeMass?.standardError ?? NaN) + 0.01)
  })

  test('from half the steps has the same trace, and another negative mass where the steps are few', async () => {
    const few = await density({ probes: 10, steps: 4 })
    expect(few?.halfMoments.trace.value).toBeCloseTo(few?.moments.trace.value ?? NaN, 10)
    expect(few?.halfMoments.negativeMass.value).not.toBeCloseTo(few?.moments.negativeMass.value ?? NaN, 3)
    const many = await density({ probes: 10, steps: 60 })
    expect(many?.halfMoments.negativeMass.value).toBeCloseTo(many?.moments.negativeMass.value ?? NaN, 2)
  })

  test('of one probe has no standard error', async () => {
    expect((await density({ probes: 1, steps: 10 }))?.moments.trace.standardError).toBeNull()
  })

  test('is told after every probe but the last, the beginning of what it ends as', async () => {
    const partial: Density[] = []
    const found = await density({ probes: 4, steps: 8 }, testPacing(), partial)
    expect(partial.map(({ probesDone, products }) => [probesDone, products])).toEqual([[1, 8], [2, 16], [3, 24]])
    expect(partial[2].quadrature.nodes).toEqual(found?.quadrature.nodes.subarray(0, 24))
  })

  test('stopped keeps the finished probes; before the first there is nothing', async () => {
    const found = await density({ probes: 9, steps: 8 }, stoppingAt(20))
    expect([found?.probesDone, found?.quadrature.probes, found?.outcome]).toEqual([2, 2, 'cancelled'])
    expect(await density({ probes: 9, steps: 8 }, stoppingAt(5))).toBeNull()
  })

  test('of more steps than weights ends where the whole space is spanned', async () => {
    const found = await withMatrix(bench.deps, bench.state, curvatureOf('3.bias'), NO_DECAY, (matrix) => spectralDensity(matrix, { probes: 2, steps: 50 }, 3, testPacing(), { onStep: () => undefined, onProbe: () => undefined }))
    expect(found?.quadrature.steps).toBe(3)
  })
})

describe('trace', () => {
  const settings = (more: Partial<TraceAnalysis>): TraceAnalysis => ({ kind: 'trace', ...curvatureOf('all'), method: 'hutchinson', probes: 60, ...more })
  const trace = async (more: Partial<TraceAnalysis>, pacing: Pacing = testPacing(), partial: TraceFindings[] = []) => onAll((matrix) => estimateTrace(matrix, settings(more), 4, pacing, (found) => void partial.push(found)))

  test('by Hutchinson is right within its error, and so are norm and layers', async () => {
    const found = await trace({})
    if (found === null || found.layers === null || found.diagonal === null) throw new Error('expected layers')
    expect(Math.abs(found.trace.value - exactTrace)).toBeLessThan(4 * (found.trace.standardError ?? NaN))
    expect(Math.abs((found.squaredNorm?.value ?? NaN) - exactNorm)).toBeLessThan(4 * (found.squaredNorm?.standardError ?? NaN))
    expect(found.layers.map(({ layer, parameters }) => [layer, parameters])).toEqual([[1, 36], [2, 28], [3, 15]])
    expect(found.layers.reduce((sum, layer) => sum + layer.trace, 0)).toBeCloseTo(found.trace.value, 10)
    let outside = 0
    found.diagonal.values.forEach((value, i) => (outside += Number(Math.abs(value - dense.values[i * dense.size + i]) > 4 * (found.diagonal?.standardErrors[i] ?? NaN) + 1e-12)))
    expect(outside).toBeLessThanOrEqual(1)
  })

  test('by Hutch++ is nearer with the same products, and exact where they span everything', async () => {
    const found = await trace({ method: 'hutchpp', probes: 20 })
    expect(found?.products).toBeLessThanOrEqual(60)
    expect(Math.abs((found?.trace.value ?? NaN) - exactTrace)).toBeLessThan(4 * (found?.trace.standardError ?? NaN))
    expect(found?.trace.standardError).toBeLessThan((await trace({}))?.trace.standardError ?? NaN)
    const all = await trace({ method: 'hutchpp', probes: 79 })
    expect([all?.layers, all?.diagonal, all?.squaredNorm]).toEqual([null, null, null])
    expect(all?.trace.standardError).toBeLessThan(1e-14)
    expect(all?.trace.value).toBeCloseTo(exactTrace, 9)
  })

  test.each(['hutchinson', 'hutchpp'] as const)('by %s ends with the last entry of its history', async (method) => {
    const partial: TraceFindings[] = []
    const found = await trace({ method, probes: 10 }, testPacing(), partial)
    expect(found?.history.estimates.at(-1)).toBe(found?.trace.value)
    expect(found?.history.standardErrors[0]).toBeNaN()
    expect(partial.at(-1)?.history).toEqual(found?.history)
    expect(Array.from(found?.history.products ?? [])).toEqual(Array.from(found?.history.products ?? []).sort((a, b) => a - b))
    expect(found?.outcome).toBe('converged')
  })

  test('stopped keeps the probes so far; before the first there is nothing', async () => {
    const found = await trace({ probes: 60 }, stoppingAt(7))
    expect([found?.history.products.length, found?.outcome]).toEqual([7, 'cancelled'])
    expect(found?.layers?.reduce((sum, layer) => sum + layer.trace, 0)).toBeCloseTo(found?.trace.value ?? NaN, 10)
    expect(await trace({ method: 'hutchpp', probes: 10 }, stoppingAt(12))).toBeNull()
    const stopped = testPacing()
    stopped.stop()
    expect(await trace({}, stopped)).toBeNull()
  })
})

describe('demonstrations', () => {
  const settings = (more: Partial<DemonstrationAnalysis>): DemonstrationAnalysis => ({ kind: 'demonstration', ...curvatureOf('all'), algorithm: 'power', steps: 60, reorthogonalise: true, ...more })
  const shown = async (more: Partial<DemonstrationAnalysis>, pacing: Pacing = testPacing()) => onAll((matrix) => demonstrate(matrix, settings(more), 6, pacing, () => undefined))

  test('power iteration ends at the largest eigenvalue, its residuals and angles falling', async () => {
    const { power, lanczos } = await shown({ steps: 300 })
    expect(lanczos).toBeNull()
    expect(power?.rayleigh).toHaveLength(300)
    expect(Math.abs((power?.rayleigh.at(-1) ?? NaN) - eigenvalues[0])).toBeLessThan(1e-3)
    expect(power?.residuals.at(-1)).toBeLessThan((power?.residuals[0] ?? 0) / 10)
    expect(power?.angles.at(-1)).toBeLessThan(power?.angles[0] ?? 0)
  })

  test('Lanczos keeps the Ritz values of every step, descending, and ends with the ends of the spectrum', async () => {
    const { lanczos } = await shown({ algorithm: 'lanczos', steps: 30 })
    if (lanczos === null) throw new Error('expected Lanczos')
    expect([lanczos.alphas.length, lanczos.ritzValues.length, lanczos.residuals.length]).toEqual([30, 465, 465])
    const last = lanczos.ritzValues.subarray(435)
    expect(Array.from(last)).toEqual(Array.from(last).sort((a, b) => b - a))
    expect(last[0]).toBeCloseTo(eigenvalues[0], 8)
    expect(last[29]).toBeCloseTo(eigenvalues[dense.size - 1], 8)
    expect(Math.max(...lanczos.orthogonality)).toBeLessThan(1e-12)
  })

  test('without reorthogonalising Lanczos loses orthogonality and shows copies', async () => {
    const { lanczos } = await shown({ algorithm: 'lanczos', steps: 150, reorthogonalise: false })
    expect(lanczos?.orthogonality.at(-1)).toBeGreaterThan(0.1)
    const last = lanczos?.ritzValues.subarray(-150) ?? new Float64Array(0)
    expect(last.filter((value) => Math.abs(value - eigenvalues[0]) < 1e-6).length).toBeGreaterThan(1)
  })

  test('has at most as many orthogonal steps as there are weights', async () => {
    expect((await shown({ algorithm: 'lanczos', steps: 300 })).lanczos?.alphas.length).toBeLessThanOrEqual(79)
  })

  test('stopped keeps its steps so far', async () => {
    const { power, outcome } = await shown({}, stoppingAt(5))
    expect([power?.rayleigh.length, outcome]).toEqual([5, 'cancelled'])
  })
})
