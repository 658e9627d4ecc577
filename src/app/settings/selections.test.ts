import { expect, it } from 'vitest'
import type { ParameterSummary } from '../../contracts/results.ts'
import { selectionSize } from './selections.ts'

const parameters: readonly ParameterSummary[] = [
  { selection: '1.kernel', name: 'dense_1/kernel', offset: 0, layer: 1, shape: [12, 10], size: 120 },
  { selection: '1.bias', name: 'dense_1/bias', offset: 120, layer: 1, shape: [10], size: 10 },
]

it.each([['1.kernel', 120], ['1.kernel+1.bias', 130], ['all', 130], ['2.kernel', null]])('%s has %s weights', (selection, size) => {
  expect(selectionSize(selection, parameters)).toBe(size)
})

it('an unknown network has no size', () => {
  expect(selectionSize('all', [])).toBeNull()
})
