import { describe, expect, test } from 'vitest'
import { createRandom } from '../numerics/random.ts'
import { SnapshotRecorder } from '../numerics/snapshots.ts'
import { analyseDrift, type DriftAnalysis } from './principal-components.ts'
import { testPacing } from './test-pacing.ts'

const SIZE = 24
const BUDGET = { budgetBytes: 1e8 }

/** A walk with a constant drift along one axis and noise along the others. */
function drifting(count: number, slope: number): SnapshotRecorder {
  const random = createRandom(1, 'drift')
  const recorder = new SnapshotRecorder(SIZE, BUDGET)
  for (let t = 0; t < count; t++) recorder.append(Float32Array.from({ length: SIZE }, (_, i) => (i === 3 ? 1 + slope * t : 0.05 * random.normal())))
  return recorder
}

const analyse = (recorder: SnapshotRecorder, components = 5, pacing = testPacing()): Promise<DriftAnalysis | null> =>
  analyseDrift(recorder, { kind: 'principalComponents', components }, 1, pacing, () => undefined)

async function analysed(recorder: SnapshotRecorder, components?: number): Promise<DriftAnalysis> {
  const drift = await analyse(recorder, components)
  if (drift === null) throw new Error('expected an analysis')
  return drift
}

describe('the drift mode', () => {
  test('is the axis of the drift, with its slope and its share of the variance', async () => {
    const { weights, drift, secondR2, thetaComponents, theta, thetaTime } = await analysed(drifting(400, 0.01))
    expect(weights.principalComponents[3]).toBeCloseTo(1, 3)
    expect(drift.slope).toBeCloseTo(0.01, 5)
    expect(drift.intercept).toBeCloseTo(1, 2)
    expect(drift.r2).toBeGreaterThan(0.999)
    expect(secondR2).toBeLessThan(0.1)
    // A line of slope a over T points has the sample variance a²T(T + 1)/12.
    expect(weights.variances[0]).toBeCloseTo((0.01 ** 2 * 399 * 400) / 12, 2)
    expect([thetaComponents, theta.length, thetaTime.length]).toEqual([3, 3 * 399, 399])
  })

  test('of long runs is kept at no more than 2,000 points, fitted over all', async () => {
    const { theta, thetaTime, drift } = await analysed(drifting(4500, 0.001))
    expect(thetaTime.length).toBeLessThanOrEqual(2000)
    expect(theta.length).toBe(3 * thetaTime.length)
    expect(Array.from(thetaTime.subarray(0, 3))).toEqual([0, 3, 6])
    expect(drift.slope).toBeCloseTo(0.001, 5)
  })

  test('knows the norms of the first and the last weights and its cosine to the last', async () => {
    const recorder = drifting(100, 0.02)
    const { weightNorm, driftWeightCosine } = await analysed(recorder)
    const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
    expect(weightNorm.first).toBeCloseTo(norm(recorder.get(0)), 6)
    expect(weightNorm.last).toBeCloseTo(norm(recorder.get(99)), 6)
    expect(driftWeightCosine).toBeCloseTo(1, 1)
  })
})

describe('limits', () => {
  test('more components than the trajectory has become as many as it has', async () => {
    const { weights, velocities } = await analysed(drifting(6, 0.1), 400)
    expect(weights.variances).toHaveLength(4)
    expect(velocities.variances.length).toBeLessThanOrEqual(4)
  })

  test('weights that do not move are refused', async () => {
    const still = new SnapshotRecorder(SIZE, BUDGET)
    for (let t = 0; t < 5; t++) still.append(new Float32Array(SIZE).fill(1))
    await expect(analyse(still)).rejects.toMatchObject({ code: 'bad-settings', message: 'The weights did not move in 5 snapshots, so there are no principal components.' })
  })

  test('stopped it gives nothing', async () => {
    const random = createRandom(2, 'wide')
    const wide = new SnapshotRecorder(3000, BUDGET)
    for (let t = 0; t < 900; t++) wide.append(Float32Array.from({ length: 3000 }, () => random.normal()))
    const pacing = testPacing()
    pacing.stop()
    expect(await analyse(wide, 5, pacing)).toBeNull()
  })
})
