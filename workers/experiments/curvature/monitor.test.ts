import { describe, expect, test } from 'vitest'
import type { MonitorSettings } from '../../../src/contracts/experiment.ts'
import { createWasmEngine } from '../../engine/wasm/wasm-engine.ts'
import { symmetricEigen } from '../../numerics/symmetric-eigen.ts'
import { columnsOf, curvatureOf, matrixBench, traceOf, type MatrixBench } from '../test-matrix.ts'
import { testPacing } from '../test-pacing.ts'
import { CurvatureMonitor, type Moment } from './monitor.ts'
import { seriesOf } from './series.ts'

const settings: MonitorSettings = { selection: 'all', every: 4, samples: 1000, largest: 3, probes: 4, steps: 60 }
const moment = (step: number, weightDecay = 0): Moment => ({ step, epoch: step / 8, decay: { weightDecay, decayed: 'kernels' }, stabilityLimit: null })

/** A monitor at the weights of a bench, and how to move them. */
function following(bench: MatrixBench, given = settings) {
  const weights = bench.engine.allocate('float', bench.network.stateLength, 'trained weights')
  const place = (state: Float32Array): void => bench.engine.write(weights, state)
  place(bench.state)
  return { monitor: new CurvatureMonitor(bench.deps, weights, given, 9), place, moved: bench.state.map((value, i) => value + 0.002 * ((i % 5) - 2)) }
}

describe('a look at the curvature', () => {
  test('finds the top of the spectrum, trace, negative mass and condition of the dense matrix', async () => {
    const bench = matrixBench()
    const { monitor } = following(bench)
    expect(await monitor.look(moment(0, 0.02))).toBe(true)
    const dense = await columnsOf(bench, curvatureOf('all'), { weightDecay: 0.02, decayed: 'kernels' })
    const { eigenvalues } = symmetricEigen(dense.values, dense.size)
    const [look] = monitor.looks
    for (let i = 0; i < 3; i++) {
      expect(Math.abs(look.eigenvalues[i] - eigenvalues[i])).toBeLessThan(1e-3 * eigenvalues[0])
      expect(look.residuals[i]).toBeLessThan(1e-3 * eigenvalues[0])
    }
    expect(Math.abs(look.trace - traceOf(dense))).toBeLessThan(4 * look.traceError)
    const negative = eigenvalues.reduce((sum, value) => sum + Math.max(0, -value), 0) / eigenvalues.reduce((sum, value) => sum + Math.abs(value), 0)
    expect(Math.abs(look.negativeMass - negative)).toBeLessThan(0.1)
    expect(look.conditionBound).toBeGreaterThan(1)
    expect(look.products).toBeGreaterThan(4 * 60)
  })

  test('says how much of the gradient lies in the top eigenvectors', async () => {
    const bench = matrixBench()
    const all = following(bench, { ...settings, selection: '3.kernel', largest: 12, probes: 0 })
    await all.monitor.look(moment(0))
    expect(all.monitor.looks[0].gradientOverlap).toBeCloseTo(1, 9)
  })

  test('knows how far the eigenvectors have turned: not at all where nothing moved', async () => {
    const { monitor, place, moved } = following(matrixBench(), { ...settings, probes: 0 })
    await monitor.look(moment(0))
    await monitor.look(moment(4))
    place(moved)
    await monitor.look(moment(8))
    const { previousOverlap, firstOverlap } = seriesOf(monitor.looks)
    expect(Array.from(previousOverlap.slice(0, 1))).toEqual([NaN])
    expect(previousOverlap[1]).toBeCloseTo(1, 4)
    expect(previousOverlap[2]).toBeGreaterThan(0.5)
    expect(previousOverlap[2]).toBeLessThan(previousOverlap[1])
    expect(firstOverlap[2]).toBeCloseTo(previousOverlap[2], 3)
  })

  test('takes another λ into the matrix from then on', async () => {
    const { monitor } = following(matrixBench(), { ...settings, selection: '2.kernel', probes: 0 })
    await monitor.look(moment(0, 0))
    await monitor.look(moment(4, 0.5))
    const [before, after] = monitor.looks
    expect(after.eigenvalues[0] - before.eigenvalues[0]).toBeCloseTo(1, 3)
  })

  test('of a network that has diverged is left out', async () => {
    const { monitor, place, moved } = following(matrixBench())
    place(moved.map(() => NaN))
    expect(await monitor.look(moment(0))).toBe(true)
    expect(monitor.looks).toEqual([])
    expect(monitor.remembered).toBeNull()
  })

  test.each([1e3, 1e6, 1e9, 1e12])('of weights %d times too large on the CPU ends, in whatever way', async (scale) => {
    const bench = matrixBench({ engine: await createWasmEngine() })
    const { monitor, place } = following(bench)
    place(bench.state.map((value) => scale * value))
    expect(await monitor.look(moment(0))).toBe(true)
    for (const { eigenvalues } of monitor.looks) expect(eigenvalues.every(Number.isFinite)).toBe(true)
  })

  test('more eigenvalues than weights become all there are', async () => {
    const { monitor } = following(matrixBench(), { ...settings, selection: '3.bias', largest: 20 })
    await monitor.look(moment(0))
    expect(monitor.looks[0].eigenvalues).toHaveLength(3)
  })
})

describe('looks', () => {
  test('are due at multiples of the step, each once', async () => {
    const { monitor } = following(matrixBench(), { ...settings, probes: 0 })
    expect([0, 1, 3, 4].map((step) => [monitor.isDue(step), monitor.stepsUntilDue(step)])).toEqual([[true, 4], [false, 3], [false, 1], [true, 4]])
    await monitor.look(moment(4))
    expect([0, 4, 8].map((step) => monitor.isDue(step))).toEqual([false, false, true])
  })

  test('brought back go on with the same bits, from the vectors of the last', async () => {
    const [through, first, second] = [following(matrixBench()), following(matrixBench()), following(matrixBench())]
    for (const { monitor, step } of [{ monitor: through.monitor, step: 0 }, { monitor: first.monitor, step: 0 }]) await monitor.look(moment(step))
    second.monitor.restore(first.monitor.looks, first.monitor.remembered, 4)
    for (const { monitor, place, moved } of [through, second]) {
      place(moved)
      await monitor.look(moment(4))
    }
    expect(second.monitor.looks).toEqual(through.monitor.looks)
  })

  test('beyond the present step are given up; the next one does not compare itself with them', async () => {
    const { monitor } = following(matrixBench(), { ...settings, probes: 0 })
    for (const step of [0, 4, 8]) await monitor.look(moment(step))
    const again = following(matrixBench(), { ...settings, probes: 0 })
    again.monitor.restore(monitor.looks, monitor.remembered, 7)
    expect(again.monitor.looks).toHaveLength(2)
    await again.monitor.look(moment(8))
    const look = again.monitor.looks[2]
    expect([look.previousOverlap, Math.round(1e4 * look.firstOverlap)]).toEqual([NaN, 1e4])
    again.monitor.restore(monitor.looks, monitor.remembered, -1)
    expect([again.monitor.looks, again.monitor.remembered]).toEqual([[], null])
  })

  test('stopped on the way are not there, and can be made again', async () => {
    const pacing = testPacing()
    const bench = matrixBench()
    let left = 10
    const stopping = { ...bench, deps: { ...bench.deps, pacing: { ...pacing, breathe: async () => (--left === 0 ? pacing.stop() : undefined) } } }
    const { monitor } = following(stopping)
    expect(await monitor.look(moment(0))).toBe(false)
    expect(monitor.looks).toEqual([])
  })
})

test('following leaves no memory behind', async () => {
  const bench = matrixBench({ engine: await createWasmEngine() })
  const { monitor } = following(bench)
  const before = bench.engine.memoryBytes()
  await monitor.look(moment(0))
  await monitor.look(moment(4, 0.1))
  monitor.dispose()
  monitor.dispose()
  expect(bench.engine.memoryBytes()).toBe(before)
})
