import { expect, it } from 'vitest'
import { findPreset, presets } from '../../contracts/presets.ts'
import { presetCost, presetGroups } from './preset-groups.ts'

it('every preset is in exactly one group, in the order of Table 5.1', () => {
  const groups = presetGroups(presets)
  expect(groups.map(({ id }) => id)).toEqual(['mlp50', 'mlp256', 'lenet', 'minialexnet', 'resnet20'])
  const grouped = groups.flatMap((group) => group.presets.map(({ id }) => id))
  expect([...grouped].sort()).toEqual(presets.map(({ id }) => id).sort())
})

it('groups name their data', () => {
  expect(presetGroups(presets).map(({ title }) => title).slice(0, 2)).toEqual(['MLP 50 · MNIST', 'MLP 256 · CIFAR-10'])
})

it('presets of no network of the table come last', () => {
  const other = { ...presets[0], id: 'spirals' }
  expect(presetGroups([other, ...presets]).at(-1)).toMatchObject({ id: 'others', presets: [other] })
})

it('cost tells training and Hessian', () => {
  const cost = (id: string) => presetCost((findPreset(id) ?? presets[0]).experiment)
  expect(cost('mlp50-quick')).toBe('10 epochs of 10,000 samples, Hessian over 2,000 samples')
  expect(cost('lenet')).toBe('no training, Hessian over 1,000 samples')
})
