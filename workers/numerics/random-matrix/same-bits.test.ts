import { expect, it } from 'vitest'
import { createRandom } from '../random.ts'
import { arctangent } from './arctangent.ts'
import { fitBulk } from './bulk-fit.ts'
import { marchenkoPasturCdf } from './marchenko-pastur-cdf.ts'
import { normalCdf } from './normal-distribution.ts'
import { porterThomasNull } from './porter-thomas.ts'
import { fitHeavyTail } from './power-law.ts'
import { gaussianOrthogonalLevels, gaussianSingularValues } from './random-spectra.ts'
import { spacingNull } from './spacing-null.ts'
import { edgeFluctuation, tracyWidomTail } from './tracy-widom.ts'
import { unfold } from './unfolding.ts'

it('every statistic has the same bits on every machine', async () => {
  const levels = gaussianOrthogonalLevels(100, createRandom(1, 'bits'))
  const values = gaussianSingularValues(30, 20, createRandom(1, 'bits'))
  expect([normalCdf(-1.2345), arctangent(0.7), tracyWidomTail(0.3), edgeFluctuation(128, 64, 1).quantile95, marchenkoPasturCdf(12, 128, 64, 1)]).toEqual([
    0.10850832336267016, 0.6107259643892086, 0.11979267417666987, 19.560001410027564, 0.6263892075067448,
  ])
  expect([levels[0], unfold(levels, 5).unfolded[40], values[0], fitBulk(values, 30, 20).sd]).toEqual([
    19.555913792888372, 46.25718865598845, 8.943880837918792, 0.9244866390324724,
  ])
  expect(fitHeavyTail(levels.map((value) => value * value)).fit?.alpha).toBe(7.853112336145084)
  expect((await spacingNull('goe', 80, 5, { replicates: 3 }))?.toWigner[1]).toBe(0.05664306793971735)
  expect((await porterThomasNull(20, { nullVectors: 3 }))?.distances[1]).toBe(0.1961520664446366)
})
