import { expect, test } from 'vitest'
import type { SpectrumResult } from '../../contracts/results.ts'
import { spectrumFixture } from '../../figures/fixtures.ts'
import { curvatureFixture } from '../../figures/spectral-fixtures.ts'
import { resultProvenance } from './provenance.ts'

test('the line of a Hessian says which statistics batch norm used, and nothing of it where there is none', () => {
  const line = (batchNorm: SpectrumResult['batchNorm']) => resultProvenance(spectrumFixture({ batchNorm }))
  expect(line(null)).not.toContain('batch norm')
  expect(line('inference')).toBe(`${line(null)} · batch norm by running statistics`)
  expect(line('training')).toBe(`${line(null)} · batch norm by statistics of the samples`)
})

test('the line of a series names all epochs up to its last look', () => {
  const epoch = Float64Array.from([0, 0.5, 1.5])
  expect(resultProvenance(curvatureFixture({ epoch }, 3))).toContain(' · epochs 0 to 1.5 · ')
})
