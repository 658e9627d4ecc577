import type { z } from 'zod'
import { experimentSchema, type Experiment, type View } from './experiment.ts'
import { layersOf } from './layers.ts'

/** A named starting point; permalinks store the differences from it. */
export interface Preset {
  readonly id: string
  readonly title: string
  /** One sentence: what it shows and how long it takes. */
  readonly summary: string
  /** True when it is cheap enough to run by itself on opening. */
  readonly runsOnOpen: boolean
  readonly experiment: Experiment
}

const VIEW: View = {
  panels: [
    { id: 'training', span: 6 },
    { id: 'spectrum', span: 6 },
    { id: 'singularHessian', span: 6 },
    { id: 'hessianVelocities', span: 6 },
    { id: 'drift', span: 6 },
    { id: 'singularValues', span: 6 },
    { id: 'singularPca', span: 6 },
    { id: 'hessianWeights', span: 6 },
    { id: 'weightProduct', span: 6 },
    { id: 'variances', span: 6 },
  ],
  focus: null,
  clip: null,
  logLoss: false,
  checkpoint: null,
  kernel: null,
  bandwidth: 'auto',
}

const SEEDS = { initialisation: 7, shuffle: 7, probes: 7 }

type Given = z.input<typeof experimentSchema>

const complete = (experiment: Given): Experiment => experimentSchema.parse(experiment)

const PLAIN_SGD = { batchSize: 32, learningRate: 0.01, schedule: { kind: 'constant' }, momentum: 0, weightDecay: 0, changes: [] } as const

/** MLP 50 sized for about a minute on a laptop CPU; the page opens on it. */
const quick = complete({
  version: 1,
  preset: 'mlp50-quick',
  dataset: { name: 'mnist', trainSamples: 10000, testSamples: 10000 },
  network: { layers: layersOf('50,50'), activation: 'relu', initialiser: 'glorotUniform' },
  training: { ...PLAIN_SGD, epochs: 10, schedule: { kind: 'constant' }, changes: [] },
  seeds: SEEDS,
  measurement: { selection: '2.kernel', unit: 'batch', epochs: 5 },
  analyses: [
    { kind: 'singularValues', edge: 'initialiser' },
    { kind: 'hessian', selection: '2.kernel', samples: 2000, largest: 40, smallest: 0, tolerance: 1e-4, maxProducts: 160 },
    { kind: 'principalComponents', components: 30 },
  ],
  view: VIEW,
})

/** Table 5.1, first row: 200 epochs on all of MNIST. */
const paper = complete({
  ...quick,
  preset: 'mlp50-paper',
  dataset: { ...quick.dataset, trainSamples: 60000 },
  training: { ...quick.training, epochs: 200 },
  measurement: { selection: '2.kernel', unit: 'batch', epochs: 10 },
  analyses: [
    { kind: 'singularValues', edge: 'initialiser' },
    { kind: 'hessian', selection: '2.kernel', samples: 60000, largest: 100, smallest: 0, tolerance: 1e-4, maxProducts: 600 },
    { kind: 'principalComponents', components: 100 },
  ],
})

/** The Hessian of all 42,310 parameters, both ends: negative eigenvalues come only from cross-layer blocks. */
const whole = complete({
  ...quick,
  preset: 'mlp50-whole',
  measurement: { selection: 'all', unit: 'batch', epochs: 2 },
  analyses: [
    { kind: 'singularValues', edge: 'initialiser' },
    { kind: 'hessian', selection: 'all', samples: 2000, largest: 20, smallest: 10, tolerance: 1e-4, maxProducts: 120 },
    { kind: 'principalComponents', components: 20 },
  ],
})

/** The spectral laboratory on MLP 50: the whole spectrum of its (50,50) layer and the density of the whole network. */
const spectra = complete({
  ...quick,
  preset: 'mlp50-spectra',
  training: { ...quick.training, epochs: 10 },
  analyses: [
    { kind: 'singularValues', edge: 'fit' },
    { kind: 'wholeSpectrum', selection: '2.kernel', samples: 2000, compare: 0 },
    { kind: 'density', selection: 'all', samples: 1000, probes: 5, steps: 50 },
    { kind: 'trace', selection: 'all', samples: 1000, method: 'hutchinson', probes: 40 },
    { kind: 'demonstration', selection: 'all', samples: 500, algorithm: 'lanczos', steps: 30 },
    { kind: 'noiseFiltering', selection: '2.kernel', points: 26 },
  ],
  monitor: { selection: 'all', every: 156, samples: 500, largest: 3, probes: 1, steps: 20 },
  view: {
    ...VIEW,
    panels: [
      { id: 'curvature', span: 6 },
      { id: 'wholeSpectrum', span: 6 },
      { id: 'density', span: 6 },
      { id: 'spacings', span: 6 },
      { id: 'singularHessian', span: 6 },
      { id: 'weightProduct', span: 6 },
      { id: 'participation', span: 6 },
      { id: 'porterThomas', span: 6 },
      { id: 'singularValues', span: 6 },
      { id: 'noiseFiltering', span: 6 },
      { id: 'trace', span: 6 },
      { id: 'demonstration', span: 6 },
      { id: 'training', span: 6 },
    ],
  },
})

/** Two fifths of the training labels are wrong: how much of what was learnt from them sits in small singular values? */
const noisy = complete({
  ...quick,
  preset: 'mlp50-noise',
  dataset: { ...quick.dataset, labelNoise: 0.4 },
  training: { ...quick.training, epochs: 30, learningRate: 0.05 },
  analyses: [
    { kind: 'singularValues', edge: 'fit' },
    { kind: 'noiseFiltering', selection: '1.kernel+2.kernel', points: 41 },
    { kind: 'hessian', selection: 'all', samples: 1000, largest: 20, smallest: 0, tolerance: 1e-3, maxProducts: 120, compare: 0 },
  ],
  view: {
    ...VIEW,
    panels: [
      { id: 'training', span: 6 },
      { id: 'noiseFiltering', span: 6 },
      { id: 'singularValues', span: 6 },
      { id: 'spectrum', span: 6 },
      { id: 'hessianTime', span: 6 },
      { id: 'participation', span: 6 },
    ],
  },
})

interface Row {
  readonly id: string
  readonly layers: string
  readonly initialiser: Experiment['network']['initialiser']
  readonly training: Partial<Given['training']>
  /** η at the end of training, at which the measurement goes on. */
  readonly finalRate: number
  /** The kernel that is looked at. */
  readonly kernel: string
  /** Samples of the Hessian, and of training where only a trained network is looked at. */
  readonly samples: number
  readonly eigenvalues: number
}

/** Table 5.1 on CIFAR-10. Rates at the end: η₀·decay^epochs, or the last step. */
const CIFAR_ROWS = {
  mlp256: {
    id: 'mlp256',
    layers: '256,128,64',
    initialiser: 'glorotUniform',
    training: { epochs: 200, schedule: { kind: 'exponential', decay: 0.99 } },
    finalRate: 0.00134,
    kernel: '3.kernel',
    samples: 2000,
    eigenvalues: 40,
  },
  mlp256Decay: {
    id: 'mlp256-decay',
    layers: '256,128,64',
    initialiser: 'glorotUniform',
    training: { epochs: 200, schedule: { kind: 'exponential', decay: 0.99 }, weightDecay: 5e-4 },
    finalRate: 0.00134,
    kernel: '3.kernel',
    samples: 2000,
    eigenvalues: 40,
  },
  lenet: {
    id: 'lenet',
    layers: 'c6x5,p2,c16x5,p2,120,84',
    initialiser: 'glorotNormal',
    training: { epochs: 100, batchSize: 64, learningRate: 0.005, schedule: { kind: 'exponential', decay: 0.98 }, momentum: 0.9, weightDecay: 1e-4 },
    finalRate: 0.000663,
    kernel: '2.kernel',
    samples: 1000,
    eigenvalues: 30,
  },
  miniAlexNet: {
    id: 'minialexnet',
    layers: 'c300x5v,p3,c150x3v,p3,384,192',
    initialiser: 'glorotNormal',
    training: { epochs: 100, schedule: { kind: 'exponential', decay: 0.95 }, momentum: 0.9, weightDecay: 1e-4, decayed: 'dense' },
    finalRate: 0.0000592,
    kernel: '4.kernel',
    samples: 200,
    eigenvalues: 10,
  },
  resnet20: {
    id: 'resnet20',
    layers: 'c16x3b,r16b,r16b,r16b,r32/2b,r32b,r32b,r64/2b,r64b,r64b,g',
    initialiser: 'glorotNormal',
    training: {
      ...{ epochs: 160, batchSize: 128, learningRate: 1e-3, momentum: 0.9, weightDecay: 1e-4 },
      schedule: { kind: 'piecewise', steps: [{ epoch: 80, learningRate: 1e-4 }, { epoch: 120, learningRate: 1e-5 }] },
    },
    finalRate: 1e-5,
    kernel: '2.kernel',
    samples: 200,
    eigenvalues: 10,
  },
} as const satisfies Record<string, Row>

/** A row of Table 5.1 trained from its initial weights on all of CIFAR-10. */
function fromScratch(row: Row): Experiment {
  return complete({
    ...quick,
    preset: `${row.id}-paper`,
    dataset: { ...quick.dataset, name: 'cifar10', trainSamples: 50000 },
    network: { layers: layersOf(row.layers), activation: 'relu', initialiser: row.initialiser },
    training: { ...PLAIN_SGD, changes: [], epochs: 100, ...row.training },
    measurement: { selection: row.kernel, unit: 'batch', epochs: 10 },
    analyses: analysesOf(row, row.eigenvalues * 2),
  })
}

/** The same network as it came out of training, analysed at once on a part of the data. */
function fromTrained(row: Row): Experiment {
  const scratch = fromScratch(row)
  return complete({
    ...scratch,
    preset: row.id,
    dataset: { ...scratch.dataset, trainSamples: row.samples, testSamples: 1000 },
    training: { ...scratch.training, epochs: 0, learningRate: row.finalRate, schedule: { kind: 'constant' }, start: row.id },
    measurement: { selection: row.kernel, unit: 'batch', epochs: 2 },
    analyses: analysesOf(row, row.eigenvalues),
  })
}

function analysesOf({ kernel, samples }: Row, largest: number): Given['analyses'] {
  return [
    { kind: 'singularValues', edge: 'initialiser' },
    { kind: 'hessian', selection: kernel, samples, largest, smallest: 0, tolerance: 1e-4, maxProducts: 4 * largest },
    { kind: 'principalComponents', components: 20 },
  ]
}

/** Chapter 7 on the (128,64) layer of MLP 256: all 8,192 eigenvalues and vectors, Figures 7.1 to 7.5, 7.15 to 7.17 and 7.21. */
const wholeLayer = complete({
  ...fromTrained(CIFAR_ROWS.mlp256),
  preset: 'mlp256-spectra',
  analyses: [
    { kind: 'singularValues', edge: 'initialiser' },
    { kind: 'wholeSpectrum', selection: '3.kernel', samples: 2000 },
    { kind: 'noiseFiltering', selection: '3.kernel', points: 33 },
  ],
  view: {
    ...VIEW,
    panels: [
      { id: 'wholeSpectrum', span: 6 },
      { id: 'density', span: 6 },
      { id: 'singularHessian', span: 12 },
      { id: 'spacings', span: 6 },
      { id: 'porterThomas', span: 6 },
      { id: 'weightProduct', span: 6 },
      { id: 'participation', span: 6 },
      { id: 'singularValues', span: 6 },
      { id: 'noiseFiltering', span: 6 },
    ],
  },
})

/** MLP 50 after the 200 epochs of the thesis, analysed at once. */
const trained = complete({
  ...quick,
  preset: 'mlp50',
  training: { ...quick.training, epochs: 0, start: 'mlp50' },
})

export const presets: readonly Preset[] = [
  {
    id: 'mlp50-quick',
    title: 'MLP 50 on MNIST, quick',
    summary: 'The (50,50) layer: its Hessian against its singular matrices and principal components, in well under a minute.',
    runsOnOpen: true,
    experiment: quick,
  },
  {
    id: 'mlp50-whole',
    title: 'MLP 50 on MNIST, whole network',
    summary: 'Both ends of the spectrum of all 42,310 parameters, in about a minute.',
    runsOnOpen: false,
    experiment: whole,
  },
  {
    id: 'mlp50-spectra',
    title: 'MLP 50 on MNIST, spectral laboratory',
    summary: 'All 2,500 eigenvalues of the (50,50) layer, densities, spacings and curvature while it trains, in about two minutes.',
    runsOnOpen: false,
    experiment: spectra,
  },
  {
    id: 'mlp50-noise',
    title: 'MLP 50 on MNIST with wrong labels',
    summary: 'Two fifths of the labels are wrong: training accuracy, test accuracy and what small singular values hold. About a minute.',
    runsOnOpen: false,
    experiment: noisy,
  },
  {
    id: 'mlp50-paper',
    title: 'MLP 50 on MNIST, as in the thesis',
    summary: 'Table 5.1: 200 epochs on 60,000 images, Hessian over all of them. Minutes on a laptop CPU.',
    runsOnOpen: false,
    experiment: paper,
  },
  {
    id: 'mlp50',
    title: 'MLP 50 on MNIST, trained',
    summary: 'As it came out of 200 epochs, ready to be analysed.',
    runsOnOpen: false,
    experiment: trained,
  },
  ...preset(CIFAR_ROWS.mlp256, 'MLP 256', 'Dense 256, 128, 64 without weight decay; the (128,64) layer of Figures 6.1 to 7.5.'),
  {
    id: 'mlp256-spectra',
    title: 'MLP 256 on CIFAR-10, whole spectrum of a layer',
    summary: 'All 8,192 eigenvalues and vectors of the (128,64) layer of the trained network: 1.6 GB of memory, minutes of two cores.',
    runsOnOpen: false,
    experiment: wholeLayer,
  },
  ...preset(CIFAR_ROWS.mlp256Decay, 'MLP 256 with weight decay', 'The same network with λ = 5e-4 on every kernel: the b panels of the thesis.'),
  ...preset(CIFAR_ROWS.lenet, 'LeNet', 'Two convolutions and three dense layers; the second convolution.'),
  ...preset(CIFAR_ROWS.miniAlexNet, 'miniAlexNet', 'A million parameters; the (384,192) layer.'),
  ...preset(CIFAR_ROWS.resnet20, 'ResNet 20', 'Twenty layers with batch norm and shortcuts; the second convolution.'),
]

/** A network of Table 5.1 on CIFAR-10 in both forms. */
function preset(row: Row, name: string, what: string): Preset[] {
  return [
    { id: row.id, title: `${name} on CIFAR-10, trained`, summary: `${what} Starts from the trained network.`, runsOnOpen: false, experiment: fromTrained(row) },
    {
      id: `${row.id}-paper`,
      title: `${name} on CIFAR-10, as in the thesis`,
      summary: `Table 5.1: ${row.training.epochs} epochs on 50,000 images. Needs a GPU or patience.`,
      runsOnOpen: false,
      experiment: fromScratch(row),
    },
  ]
}

export const defaultPreset = 'mlp50-quick'

/** The preset of that name, or null. */
export function findPreset(id: string): Preset | null {
  return presets.find((preset) => preset.id === id) ?? null
}
