import { expect, it } from 'vitest'
import { presentingStep } from './presenting-step.ts'

it('goes through the panels in their order and stops at both ends', () => {
  const panels = ['training', 'spectrum', 'drift'] as const
  expect(presentingStep(panels, null, 1)).toBe('spectrum')
  expect(presentingStep(panels, 'spectrum', -1)).toBe('training')
  expect(presentingStep(panels, 'drift', 1)).toBeNull()
  expect(presentingStep(panels, 'training', -1)).toBeNull()
})
