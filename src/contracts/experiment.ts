import { z } from 'zod'
import { layerSchema } from './layers.ts'
import { selectionSchema } from './selection.ts'
import {
  DEFAULT_STATISTICS,
  demonstrationAnalysisSchema,
  densityAnalysisSchema,
  hessianAnalysisSchema,
  monitorSchema,
  noiseFilteringAnalysisSchema,
  singularValuesAnalysisSchema,
  statisticsSchema,
  traceAnalysisSchema,
  wholeSpectrumAnalysisSchema,
} from './spectral.ts'

export { selectionSchema, type Selection } from './selection.ts'
export type {
  CurvatureMatrix,
  CurvatureSettings,
  DemonstrationAnalysis,
  DensityAnalysis,
  HessianAnalysis,
  MonitorSettings,
  NoiseFilteringAnalysis,
  SingularValuesAnalysis,
  StatisticsSettings,
  TraceAnalysis,
  WholeSpectrumAnalysis,
} from './spectral.ts'

/**
 * The experiment: everything that decides a result, and nothing else. One schema validates permalinks, experiment
 * files and the settings panel. Limits are what a browser can hold; messages are for people.
 */

const seed = z.int().min(0).max(4294967295)
const positive = z.number().positive()

export const datasetSchema = z.object({
  /** `clusters`, `teacher` and `spirals` are made from the data seed. */
  name: z.enum(['mnist', 'cifar10', 'own', 'clusters', 'teacher', 'spirals']),
  /** The first so many training samples (of the chosen classes). */
  trainSamples: z.int().min(1).max(60000),
  testSamples: z.int().min(1).max(10000),
  /** Only samples of these classes, relabelled 0, 1, … in ascending order; null for all. */
  classes: z.array(z.int().min(0).max(255)).min(2).max(256).nullable().default(null),
  /** Share of the training samples that get another class at random. */
  labelNoise: z.number().min(0).max(1).default(0),
  /** Decides label noise and synthetic data. */
  seed: seed.default(1),
})

export const networkSchema = z.object({
  /** Hidden layers in order; the output layer follows from the classes. */
  layers: z.array(layerSchema).max(40),
  activation: z.enum(['relu', 'tanh', 'sigmoid', 'softplus', 'gelu']),
  initialiser: z.enum(['glorotUniform', 'glorotNormal', 'heUniform', 'heNormal']),
})

export const scheduleSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('constant') }),
  /** η(t) = η₀·decayᵗ, t the epoch. */
  z.object({ kind: z.literal('exponential'), decay: positive.max(1) }),
  /** η from each of these epochs on, ascending; η₀ before the first. */
  z.object({ kind: z.literal('piecewise'), steps: z.array(z.object({ epoch: z.int().min(1).max(5000), learningRate: positive.max(100) })).min(1).max(12) }),
  /** From η₀ down to floor·η₀ along half a cosine over the epochs of training. */
  z.object({ kind: z.literal('cosine'), floor: z.number().min(0).max(1) }),
])

/** Training images are shifted by up to `crop` pixels each way (zeros move in) and mirrored half of the time. */
export const augmentationSchema = z.object({ crop: z.int().min(0).max(8), flip: z.boolean() })

/** A setting changed while training ran: from optimiser step `step` on. Recorded so that the run can be repeated. */
export const changeSchema = z.object({
  step: z.int().min(0),
  learningRate: positive.max(100).optional(),
  weightDecay: z.number().min(0).max(1).optional(),
  batchSize: z.int().min(1).max(8192).optional(),
})

export const trainingSchema = z.object({
  /** 0 analyses the initial (or imported) weights without training. */
  epochs: z.int().min(0).max(5000),
  batchSize: z.int().min(1).max(8192),
  optimiser: z.enum(['sgd', 'nesterov', 'adam', 'adamw', 'rmsprop', 'lion']).default('sgd'),
  learningRate: positive.max(100),
  schedule: scheduleSchema,
  /** Epochs over which the rate grows linearly, step by step, from 0 to the schedule's. */
  warmup: z.number().min(0).max(1000).default(0),
  /** β of the momentum, or β₁ of Adam, AdamW and Lion. */
  momentum: z.number().min(0).max(0.9999),
  /** β₂ of Adam, AdamW and Lion; decay of the squared gradient in RMSProp. */
  secondMomentum: z.number().min(0).max(0.999999).default(0.999),
  /** ε in the denominators of Adam, AdamW and RMSProp. */
  epsilon: positive.max(1).default(1e-8),
  /** The gradient of a batch is shortened to this length where it is longer; null for no limit. */
  clipNorm: positive.max(1e6).nullable().default(null),
  /** λ of λ‖W‖² on kernels: gradient 2λW, Hessian + 2λ. AdamW and Lion shrink the kernels by 2ηλW instead. */
  weightDecay: z.number().min(0).max(1),
  /** The kernels that weight decay acts on: all of them or those of dense layers. */
  decayed: z.enum(['kernels', 'dense']).default('kernels'),
  augmentation: augmentationSchema.default({ crop: 0, flip: false }),
  changes: z.array(changeSchema).max(200),
  /** Name of a trained network that comes with the lab, to start from; null for the initialiser. */
  start: z.string().regex(/^[a-z0-9-]+$/, 'the name of a trained network has small letters, digits and hyphens').max(40).nullable().default(null),
})

/** `repeats` runs the experiment several times, run r with every seed raised by r. */
export const seedsSchema = z.object({ initialisation: seed, shuffle: seed, probes: seed, repeats: z.int().min(1).max(16).default(1) })

/** Training goes on at the final learning rate and the weights of a selection are recorded. */
export const measurementSchema = z.object({
  selection: selectionSchema,
  unit: z.enum(['batch', 'epoch']),
  epochs: z.int().min(1).max(5000),
})

export const principalComponentsAnalysisSchema = z.object({
  kind: z.literal('principalComponents'),
  components: z.int().min(2).max(400),
})

export const analysisSchema = z.discriminatedUnion('kind', [
  hessianAnalysisSchema,
  singularValuesAnalysisSchema,
  principalComponentsAnalysisSchema,
  wholeSpectrumAnalysisSchema,
  densityAnalysisSchema,
  traceAnalysisSchema,
  demonstrationAnalysisSchema,
  noiseFilteringAnalysisSchema,
])

export const panelIdSchema = z.enum([
  'training',
  'spectrum',
  'singularValues',
  'drift',
  'variances',
  'singularHessian',
  'singularPca',
  'hessianWeights',
  'hessianVelocities',
  'weightProduct',
  'wholeSpectrum',
  'density',
  'spacings',
  'porterThomas',
  'participation',
  'concentration',
  'trace',
  'curvature',
  'demonstration',
  'noiseFiltering',
  'layerNetwork',
  'hessianTime',
])

/** What the page shows; never changes a number. */
export const viewSchema = z.object({
  /** Panels in order, and how wide each is (columns of twelve). */
  panels: z.array(z.object({ id: panelIdSchema, span: z.int().min(3).max(12) })).max(24),
  focus: panelIdSchema.nullable(),
  /** Upper colour limit of the overlap heatmaps; null for automatic. */
  clip: positive.max(1).nullable(),
  logLoss: z.boolean(),
  /** Epoch of the checkpoint that analyses look at; null for the last of training. */
  checkpoint: z.int().min(0).max(5000).nullable(),
  /** Which kernel the singular-matrix heatmaps show (layer number from 1); null for the first that fits. */
  kernel: z.int().min(1).max(99).nullable(),
  /** Width σ of the Gaussians in the eigenvalue density; `auto` follows from the steps, `scott` and 1 are the thesis's. */
  bandwidth: z.union([positive, z.enum(['auto', 'scott'])]).default('auto'),
})

export const experimentSchema = z.object({
  version: z.literal(1),
  /** The preset the experiment started from. */
  preset: z.string().max(40),
  dataset: datasetSchema,
  network: networkSchema,
  training: trainingSchema,
  seeds: seedsSchema,
  measurement: measurementSchema,
  analyses: z.array(analysisSchema).max(12),
  /** Curvature followed while the network trains; null for none. */
  monitor: monitorSchema.nullable().default(null),
  statistics: statisticsSchema.default(DEFAULT_STATISTICS),
  view: viewSchema,
})

export type Experiment = z.infer<typeof experimentSchema>
export type DatasetSettings = z.infer<typeof datasetSchema>
export type NetworkSettings = z.infer<typeof networkSchema>
export type TrainingSettings = z.infer<typeof trainingSchema>
export type Schedule = z.infer<typeof scheduleSchema>
export type SettingChange = z.infer<typeof changeSchema>
export type Seeds = z.infer<typeof seedsSchema>
export type MeasurementSettings = z.infer<typeof measurementSchema>
export type Analysis = z.infer<typeof analysisSchema>
export type PrincipalComponentsAnalysis = z.infer<typeof principalComponentsAnalysisSchema>
export type View = z.infer<typeof viewSchema>
export type PanelId = z.infer<typeof panelIdSchema>
export type Augmentation = z.infer<typeof augmentationSchema>
export type Optimiser = TrainingSettings['optimiser']
export type DatasetName = DatasetSettings['name']
export type ActivationFunction = NetworkSettings['activation']

/** Only principal components need trajectories to be measured. */
export function needsMeasurement({ analyses }: Pick<Experiment, 'analyses'>): boolean {
  return analyses.some(({ kind }) => kind === 'principalComponents')
}
