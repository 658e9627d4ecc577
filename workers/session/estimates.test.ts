import { describe, expect, test } from 'vitest'
import { findPreset } from '../../src/contracts/presets.ts'
import { buildNetwork } from '../networks/network.ts'
import { estimateCosts, type CostContext } from './estimates.ts'

const quick = findPreset('mlp50-quick')?.experiment
if (quick === undefined) throw new Error('there is no quick preset')
const context: CostContext = { network: buildNetwork(quick.network, 784, 10), trainSamples: 10_000, epochsDone: 0, millisecondsPerStep: 0.5 }
const costs = (experiment = quick, changes: Partial<CostContext> = {}) => Object.fromEntries(estimateCosts(experiment, { ...context, ...changes }).map((cost) => [cost.stage, cost]))

describe('estimates', () => {
  test('of training follow the measured speed of a step', () => {
    // 10 epochs of 312.5 steps of half a millisecond, and a third for the readings.
    expect(costs()['training'].seconds).toBeCloseTo(10 * 312.5 * 0.0005 * 1.3, 6)
    expect(costs(quick, { millisecondsPerStep: 1 })['training'].seconds).toBeCloseTo(2 * costs()['training'].seconds, 6)
    expect(costs(quick, { epochsDone: 10 })['training'].seconds).toBe(0)
  })

  test('of the measurement count the bytes of the snapshots', () => {
    expect(costs()['measurement'].bytes).toBe(1566 * 2500 * 4)
  })

  test('of a measurement that nothing asks for are nothing', () => {
    expect(costs({ ...quick, analyses: quick.analyses.slice(0, 2) })['measurement']).toMatchObject({ seconds: 0, bytes: 0 })
  })

  test('of analyses count products and grow with the samples', () => {
    const more = { ...quick, analyses: quick.analyses.map((analysis) => (analysis.kind === 'hessian' ? { ...analysis, samples: 10_000 } : analysis)) }
    expect(costs()['analyses'].products).toBe(140)
    expect(costs(more)['analyses'].seconds).toBeGreaterThan(costs()['analyses'].seconds)
  })

  test('of an engine that was not measured are finite', () => {
    for (const { seconds } of Object.values(costs(quick, { millisecondsPerStep: null }))) expect(Number.isFinite(seconds)).toBe(true)
  })

  test('refuse a selection that the network does not have', () => {
    expect(() => costs({ ...quick, measurement: { ...quick.measurement, selection: '9.kernel' } })).toThrow('The selection 9.kernel is not part of the network')
  })
})
