import { expect, test } from 'vitest'
import { testLab, withTraining } from './test-lab.ts'

/**
 * What the CPU engine has always given for one small run. Other bits are allowed only together with another
 * `numericalVersion` of the engine, which makes stored results and the fingerprints of links unreachable.
 */
const GOLDEN = { numericalVersion: 'wasm-simd-1', fingerprint: 'a281251b292c' }

test('the CPU engine gives the same bits on every machine, as long as its numerical version stays', async () => {
  const lab = await testLab()
  await lab.open(withTraining({ momentum: 0.9, weightDecay: 0.001, learningRate: 0.02, schedule: { kind: 'exponential', decay: 0.9 } }))
  await lab.session.runAll()
  const [{ provenance }] = lab.results('spectrum')
  expect({ numericalVersion: provenance.numericalVersion, fingerprint: lab.fingerprint() }).toEqual(GOLDEN)
})
