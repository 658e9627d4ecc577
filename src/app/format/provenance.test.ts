import { expect, test } from 'vitest'
import type { SpectrumResult } from '../../contracts/results.ts'
import { spectrumFixture } from '../../figures/fixtures.ts'
import { resultProvenance } from './provenance.ts'

test('the line of a Hessian says which statistics batch norm used, and nothing of it where there is none', () => {
  const line = (batchNorm: SpectrumResult['batchNorm']) => resultProvenance(spectrumFixture({ batchNorm }))
  expect(line(null)).not.toContain('batch norm')
  expect(line('inference')).toBe(`${line(null)} · batch norm by running statistics`)
  expect(line('training')).toBe(`${line(null)} · batch norm by statistics of the samples`)
})
