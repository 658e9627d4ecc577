import { expect, it } from 'vitest'
import { presets } from '../../contracts/presets.ts'
import { initialState } from '../../state/lab-state.ts'
import { applyEvent } from '../../state/apply-event.ts'
import { curvatureFixture } from '../../figures/spectral-fixtures.ts'
import { stabilityOf } from './stability.ts'

const quick = presets[0].experiment

it('the last look at the whole network tells how far training is from the edge, a look at one layer does not', () => {
  const series = curvatureFixture()
  const followed = applyEvent(initialState(quick), { type: 'result', result: { ...series, settings: { ...series.settings, selection: 'all' } } })
  const sharpness = series.eigenvalues[(series.step.length - 1) * series.largest]
  expect(stabilityOf(followed)).toEqual({ sharpness, limit: 2 / quick.training.learningRate })
  const layer = applyEvent(initialState(quick), { type: 'result', result: { ...series, settings: { ...series.settings, selection: '2.kernel' } } })
  expect(stabilityOf(layer)).toBeNull()
})
