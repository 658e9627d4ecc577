import { describe, expect, it } from 'vitest'
import type { Experiment } from '../../contracts/experiment.ts'
import { experimentSchema } from '../../contracts/experiment.ts'
import { layersOf } from '../../contracts/layers.ts'
import { findPreset, presets } from '../../contracts/presets.ts'
import type { ParameterSummary } from '../../contracts/results.ts'
import { addAnalysis, editAnalysis, editNetwork, editPart, removeAnalysis } from './edits.ts'
import { changeMarks, inForce } from './mid-run.ts'
import { hasBatchNorm, tensorNames } from './parameters.ts'
import { selectionChoices } from './selections.ts'
import { fromInitialWeights, fromTrained, trainedStarts } from './start.ts'

const quick: Experiment = presets[0].experiment

function presetNamed(id: string): Experiment {
  const preset = findPreset(id)
  if (preset === null) throw new Error(`no preset ${id}`)
  return preset.experiment
}

const tensor = (selection: string, shape: readonly number[]): ParameterSummary => ({
  selection,
  name: selection,
  layer: Number(selection.split('.')[0]),
  shape,
  offset: 0,
  size: shape.reduce((product, side) => product * side, 1),
})

describe('names of the parameter tensors', () => {
  it('only layers with a kernel count, the output layer is the last', () => {
    expect([...tensorNames(layersOf('c6x5,p2,120'), 3)]).toEqual(['1.kernel', '1.bias', '2.kernel', '2.bias', '3.kernel', '3.bias'])
  })

  it('gamma and beta take the place of the bias', () => {
    expect([...tensorNames(layersOf('50b'), 1)]).toEqual(['1.kernel', '1.gamma', '1.beta', '2.kernel', '2.bias'])
  })

  it('a residual block has two kernels, and a third where its shape changes', () => {
    const kernels = (text: string) => [...tensorNames(layersOf(text), 3)].filter((name) => name.endsWith('kernel')).length - 1
    expect([kernels('c16x3b,r16b'), kernels('c16x3b,r16/2b'), kernels('c16x3b,r32b'), kernels('r16b')]).toEqual([3, 4, 4, 3])
  })

  it('every selection of every preset exists in its network', () => {
    for (const { experiment } of presets) {
      const rebuilt = editNetwork(experiment.network, experiment.dataset.name === 'mnist' ? 1 : 3)(experiment)
      expect(rebuilt).toEqual(experiment)
    }
  })

  it('ResNet 20 has batch norm, LeNet has none', () => {
    expect([hasBatchNorm(presetNamed('resnet20').network.layers), hasBatchNorm(presetNamed('lenet').network.layers)]).toEqual([true, false])
  })
})

describe('another network', () => {
  it('selections that no longer exist become the whole network', () => {
    const shallow = editNetwork({ ...quick.network, layers: [] }, 1)(quick)
    expect([shallow.measurement.selection, shallow.analyses[1]]).toMatchObject(['all', { selection: 'all' }])
    expect(experimentSchema.safeParse(shallow).success).toBe(true)
  })

  it('no longer starts from a trained network of other layers, and trains as in Table 5.1', () => {
    const lenet = presetNamed('lenet')
    const other = editNetwork({ ...lenet.network, layers: layersOf('c6x5,p2,84') }, 3)(lenet)
    expect(other.training).toMatchObject({ start: null, epochs: 100, learningRate: 0.005 })
    expect(editNetwork({ ...lenet.network, initialiser: 'heNormal' }, 3)(lenet).training.start).toBe('lenet')
  })
})

describe('where training starts', () => {
  it('trained networks of the same data and layers are offered', () => {
    const starts = (id: string) => trainedStarts(presetNamed(id)).map((preset) => preset.id)
    expect([starts('lenet-paper'), starts('mlp256'), starts('mlp50-quick')]).toEqual([['lenet'], ['mlp256', 'mlp256-decay'], ['mlp50']])
    expect(trainedStarts(editPart('dataset', { name: 'cifar10' })(quick))).toEqual([])
  })

  it('there and back keeps the network and takes the training of Table 5.1', () => {
    const [preset] = trainedStarts(presetNamed('lenet-paper'))
    const trained = fromTrained(presetNamed('lenet-paper'), preset)
    expect(trained.training).toMatchObject({ start: 'lenet', epochs: 0 })
    expect(fromInitialWeights(trained).training).toEqual(presetNamed('lenet-paper').training)
    expect(fromInitialWeights(quick)).toBe(quick)
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
  const choices = selectionChoices([tensor('1.kernel', [784, 50]), tensor('1.gamma', [50]), tensor('1.beta', [50]), tensor('2.kernel', [50, 10]), tensor('2.bias', [10])])
  expect(choices.map(({ label }) => label)).toEqual([
    'layer 1 kernel, 784 × 50 = 39,200',
    'layer 1 gamma, 50',
    'layer 1 beta, 50',
    'layer 2 kernel, 50 × 10 = 500',
    'layer 2 bias, 10',
    'layer 1 with its gamma and beta, 39,300',
    'layer 2 with its bias, 510',
    'whole network, 39,810',
  ])
  expect(choices[5].selection).toBe('1.kernel+1.gamma+1.beta')
})

it('the last change of a setting is in force, and marks count epochs of the batch size at the time', () => {
  const changed = editPart('training', {
    changes: [{ step: 313, batchSize: 64 }, { step: 470, learningRate: 0.05 }],
  })(quick)
  expect(inForce(changed.training, 'learningRate')).toBe(0.05)
  expect(inForce(changed.training, 'weightDecay')).toBe(0)
  expect(changeMarks(changed).map((mark) => [mark.epoch, mark.words])).toEqual([[1, 'batch 64'], [2, 'η 0.05']])
})
