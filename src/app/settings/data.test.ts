import { describe, expect, it } from 'vitest'
import { experimentSchema } from '../../contracts/experiment.ts'
import { findPreset, presets } from '../../contracts/presets.ts'
import { allClasses, classFilter, editClasses, editDataset } from './data.ts'

const [{ experiment: quick }] = presets

describe('the class filter', () => {
  const digits = allClasses({ name: 'mnist', classes: [3, 5] }, { classes: 2 })

  it('offers all classes of a data set, also those that are left out', () => {
    expect(digits).toHaveLength(10)
    expect(allClasses({ name: 'own', classes: null }, { classes: 4 })).toEqual([0, 1, 2, 3])
    expect(allClasses({ name: 'spirals', classes: null }, null)).toEqual([0, 1, 2])
  })

  it('is ascending, null for all, and refuses a single class', () => {
    expect(classFilter([7, 1, 3], digits)).toEqual([1, 3, 7])
    expect(classFilter(digits, digits)).toBeNull()
    expect(classFilter([4], digits)).toBeUndefined()
  })

  it('takes a trained network away as the start', () => {
    const lenet = findPreset('lenet')?.experiment ?? quick
    expect(lenet.training.start).toBe('lenet')
    expect(editClasses([0, 1])(lenet).training.start).toBeNull()
    expect(editClasses(null)(lenet).training.start).toBe('lenet')
  })
})

describe('another data set', () => {
  it('has all its classes and no more samples than there are', () => {
    const filtered = { ...quick, dataset: { ...quick.dataset, classes: [1, 2], trainSamples: 60000 } }
    const cifar = editDataset('cifar10')(filtered)
    expect(cifar.dataset).toMatchObject({ name: 'cifar10', classes: null, trainSamples: 50000 })
    expect(experimentSchema.safeParse(cifar).success).toBe(true)
  })
})
