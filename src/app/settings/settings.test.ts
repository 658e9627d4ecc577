import { describe, expect, it } from 'vitest'
import type { Experiment } from '../../contracts/experiment.ts'
import { experimentSchema } from '../../contracts/experiment.ts'
import { presets } from '../../contracts/presets.ts'
import { addAnalysis, editAnalysis, editPart, editWidths, removeAnalysis } from './edits.ts'
import { changeMarks, inForce } from './mid-run.ts'
import { parameterCount, tensorShapes } from './parameters.ts'
import { selectionChoices } from './selections.ts'
import { parseWidths } from './widths.ts'

const quick: Experiment = presets[0].experiment

describe('parameter count', () => {
  it('is 42,310 for MLP 50 on MNIST and 828,490 for MLP 256 on CIFAR-10, as in Table 5.1', () => {
    expect(parameterCount(quick.network, 784, 10)).toBe(42310)
    expect(parameterCount({ ...quick.network, hidden: [256, 128, 64] }, 3072, 10)).toBe(828490)
  })

  it('lists kernels and biases in order', () => {
    expect(tensorShapes(quick.network, 784, 10).map((t) => t.selection)).toEqual([
      '1.kernel', '1.bias', '2.kernel', '2.bias', '3.kernel', '3.bias',
    ])
  })
})

describe('hidden widths', () => {
  it.each([['50,50', [50, 50]], [' 256 128;64 ', [256, 128, 64]], ['', []], ['8x10', [8, 10]]])('"%s" is read', (text, widths) => {
    expect(parseWidths(text)).toEqual({ ok: true, widths })
  })

  it.each(['fifty', '0', '1.5', '5000', '1,1,1,1,1,1,1,1,1'])('"%s" is refused with a reason', (text) => {
    expect(parseWidths(text).ok).toBe(false)
  })

  it('selections of a layer that is gone become the whole network', () => {
    const shallow = editWidths([])(quick)
    expect(shallow.measurement.selection).toBe('all')
    expect(experimentSchema.safeParse(shallow).success).toBe(true)
  })
})

it('analyses are added, changed and removed', () => {
  const added = addAnalysis('hessian')(quick)
  expect(added.analyses).toHaveLength(4)
  expect(editAnalysis(3, { kind: 'principalComponents', components: 5 })(added).analyses[3]).toEqual({ kind: 'principalComponents', components: 5 })
  expect(removeAnalysis(3)(added)).toEqual(quick)
  expect(experimentSchema.safeParse(added).success).toBe(true)
})

it('choices cover tensors, layers and the whole', () => {
  const choices = selectionChoices(tensorShapes(quick.network, 784, 10))
  expect(choices).toHaveLength(6 + 3 + 1)
  expect(choices[2].label).toBe('layer 2 kernel, 50 × 50 = 2,500')
})

it('the last change of a setting is in force, and marks count epochs of the batch size at the time', () => {
  const changed = editPart('training', {
    changes: [{ step: 313, batchSize: 64 }, { step: 470, learningRate: 0.05 }],
  })(quick)
  expect(inForce(changed.training, 'learningRate')).toBe(0.05)
  expect(inForce(changed.training, 'weightDecay')).toBe(0)
  expect(changeMarks(changed).map((mark) => [mark.epoch, mark.words])).toEqual([[1, 'batch 64'], [2, 'η 0.05']])
})
