import { describe, expect, test } from 'vitest'
import type { Experiment, MonitorSettings } from '../../src/contracts/experiment.ts'
import type { CurvatureSeriesResult } from '../../src/contracts/results.ts'
import { analysisOf, miniExperiment, testLab, withTraining, type TestLab } from './test-lab.ts'

const settings: MonitorSettings = { selection: 'all', every: 10, samples: 60, largest: 3, probes: 2, steps: 8 }
const hessian = analysisOf({ kind: 'hessian', selection: 'all', samples: 60, largest: 3, smallest: 0, tolerance: 1e-5, maxProducts: 150 })
const plain = withTraining({ epochs: 2 }, miniExperiment({ analyses: [] }))
const followed: Experiment = { ...plain, monitor: settings }

async function trained(experiment = followed, lab?: TestLab): Promise<TestLab> {
  const opened = lab ?? (await testLab())
  await opened.open(experiment)
  await opened.session.train()
  return opened
}

/** Everything but the time it took. */
function numbers(lab: TestLab): Omit<CurvatureSeriesResult, 'provenance'> {
  const series = lab.results('curvature').at(-1)
  if (series === undefined) throw new Error('expected curvature')
  const { provenance: _, ...rest } = series
  return rest
}

describe('curvature followed in training', () => {
  test('is looked at before the first step and every so many', async () => {
    const { step, epoch, eigenvalues, largest, stabilityLimit, previousOverlap, firstOverlap, gradientOverlap } = numbers(await trained())
    expect(Array.from(step)).toEqual([0, 10, 20, 30])
    expect(epoch[3]).toBe(2)
    expect([largest, eigenvalues.length]).toEqual([3, 12])
    expect(stabilityLimit[0]).toBeCloseTo((2 * 1.5) / 0.05, 10)
    expect([previousOverlap[0], firstOverlap[0]]).toEqual([NaN, NaN])
    expect(previousOverlap[1]).toBe(firstOverlap[1])
    for (const share of [...previousOverlap.slice(1), ...gradientOverlap]) expect(share).toBeGreaterThan(0)
    for (const share of [...previousOverlap.slice(1), ...gradientOverlap]) expect(share).toBeLessThanOrEqual(1 + 1e-9)
  })

  test('has the eigenvalues of the Hessian at the same checkpoint', async () => {
    const experiment = { ...followed, monitor: { ...settings, every: 15 }, analyses: [hessian] }
    const lab = await trained(experiment)
    const { eigenvalues, loss, gradientNorm, negativeMass } = numbers(lab)
    for (const epoch of [0, 1, 2]) {
      await lab.session.analyse(epoch)
      const spectrum = lab.results('spectrum').at(-1)
      expect(spectrum?.provenance.epoch).toBe(epoch)
      for (let i = 0; i < 3; i++) expect(Math.abs(eigenvalues[3 * epoch + i] - (spectrum?.eigenvalues[i] ?? NaN)) / eigenvalues[3 * epoch]).toBeLessThan(1e-3)
      expect(loss[epoch]).toBeCloseTo(spectrum?.loss ?? NaN, 6)
      expect(gradientNorm[epoch]).toBeCloseTo(spectrum?.gradientNorm ?? NaN, 6)
      expect(negativeMass[epoch]).toBeGreaterThan(0)
    }
  })

  test('leaves the trained weights as they are to the bit', async () => {
    expect((await trained()).fingerprint()).toBe((await trained(plain)).fingerprint())
  })

  test('takes fewer products from the vectors before than from scratch, once the matrix changes slowly', async () => {
    const { products } = numbers(await trained(withTraining({ epochs: 16 }, { ...followed, monitor: { ...settings, every: 15, largest: 5, probes: 0 } })))
    expect(products).toHaveLength(17)
    expect(products[16]).toBeLessThan(products[0])
    expect(products[16]).toBeLessThan(products[1])
  })

  test('without probes says nothing about trace and negative mass', async () => {
    const { trace, negativeMass, conditionBound } = numbers(await trained({ ...followed, monitor: { ...settings, probes: 0 } }))
    for (const column of [trace, negativeMass, conditionBound]) expect(column.every(Number.isNaN)).toBe(true)
  })
})

test.each([3, 20, 100])('a run that diverges at learning rate %d ends as one that is not followed', async (learningRate) => {
  const experiment = withTraining({ learningRate, momentum: 0.99, epochs: 20 }, { ...followed, monitor: { ...settings, every: 1, probes: 1 } })
  const ending = async (given: Experiment) => {
    const lab = await testLab()
    await lab.open(given)
    return { lab, error: await lab.session.train().then(() => null, (error: unknown) => error) }
  }
  const { lab, error } = await ending(experiment)
  expect(error).toEqual((await ending({ ...experiment, monitor: null })).error)
  expect(numbers(lab).eigenvalues.every(Number.isFinite)).toBe(true)
})
