import type { Experiment, View } from './experiment.ts'

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
}

const SEEDS = { initialisation: 7, shuffle: 7, probes: 7 }

/** MLP 50 sized for about a minute on a laptop CPU; the page opens on it. */
const quick: Experiment = {
  version: 1,
  preset: 'mlp50-quick',
  dataset: { name: 'mnist', trainSamples: 10000, testSamples: 10000 },
  network: { hidden: [50, 50], activation: 'relu', initialiser: 'glorotUniform' },
  training: {
    epochs: 10,
    batchSize: 32,
    learningRate: 0.01,
    schedule: { kind: 'constant' },
    momentum: 0,
    weightDecay: 0,
    changes: [],
  },
  seeds: SEEDS,
  measurement: { selection: '2.kernel', unit: 'batch', epochs: 5 },
  analyses: [
    { kind: 'singularValues', edge: 'initialiser' },
    { kind: 'hessian', selection: '2.kernel', samples: 2000, largest: 40, smallest: 0, tolerance: 1e-4, maxProducts: 160 },
    { kind: 'principalComponents', components: 30 },
  ],
  view: VIEW,
}

/** Table 5.1, first row: 200 epochs on all of MNIST. */
const paper: Experiment = {
  ...quick,
  preset: 'mlp50-paper',
  dataset: { name: 'mnist', trainSamples: 60000, testSamples: 10000 },
  training: { ...quick.training, epochs: 200 },
  measurement: { selection: '2.kernel', unit: 'batch', epochs: 10 },
  analyses: [
    { kind: 'singularValues', edge: 'initialiser' },
    { kind: 'hessian', selection: '2.kernel', samples: 60000, largest: 100, smallest: 0, tolerance: 1e-4, maxProducts: 600 },
    { kind: 'principalComponents', components: 100 },
  ],
}

/** The Hessian of all 42,310 parameters, both ends: negative eigenvalues come only from cross-layer blocks. */
const whole: Experiment = {
  ...quick,
  preset: 'mlp50-whole',
  measurement: { selection: 'all', unit: 'batch', epochs: 2 },
  analyses: [
    { kind: 'singularValues', edge: 'initialiser' },
    { kind: 'hessian', selection: 'all', samples: 2000, largest: 20, smallest: 10, tolerance: 1e-4, maxProducts: 120 },
    { kind: 'principalComponents', components: 20 },
  ],
}

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
    id: 'mlp50-paper',
    title: 'MLP 50 on MNIST, as in the thesis',
    summary: 'Table 5.1: 200 epochs on 60,000 images, Hessian over all of them. Minutes on a laptop CPU.',
    runsOnOpen: false,
    experiment: paper,
  },
]

export const defaultPreset = 'mlp50-quick'

/** The preset of that name, or null. */
export function findPreset(id: string): Preset | null {
  return presets.find((preset) => preset.id === id) ?? null
}
