import { z } from 'zod'

/**
 * The experiment: everything that decides a result, and nothing else. One schema validates permalinks, experiment
 * files and the settings panel. Limits are what a browser can hold; messages are for people.
 */

const seed = z.int().min(0).max(4294967295)
const positive = z.number().positive()

/** `all`, one parameter tensor (`2.kernel`, `3.bias`), or several joined by `+`. Layers count from 1. */
export const selectionSchema = z
  .string()
  .regex(/^(all|\d+\.(kernel|bias)(\+\d+\.(kernel|bias))*)$/, 'a selection is "all", or layers such as "2.kernel" or "2.kernel+2.bias"')

export const datasetSchema = z.object({
  name: z.enum(['mnist', 'own']),
  /** The first so many training samples. */
  trainSamples: z.int().min(1).max(60000),
  testSamples: z.int().min(1).max(10000),
})

export const networkSchema = z.object({
  /** Widths of the hidden layers; the output layer follows from the classes. */
  hidden: z.array(z.int().min(1).max(4096)).max(8),
  activation: z.enum(['relu']),
  initialiser: z.enum(['glorotUniform', 'glorotNormal']),
})

export const scheduleSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('constant') }),
  /** η(t) = η₀·decayᵗ, t the epoch. */
  z.object({ kind: z.literal('exponential'), decay: positive.max(1) }),
])

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
  learningRate: positive.max(100),
  schedule: scheduleSchema,
  momentum: z.number().min(0).max(0.9999),
  /** λ of λ‖W‖² on every kernel: gradient 2λW, Hessian + 2λ. */
  weightDecay: z.number().min(0).max(1),
  changes: z.array(changeSchema).max(200),
})

export const seedsSchema = z.object({ initialisation: seed, shuffle: seed, probes: seed })

/** Training goes on at the final learning rate and the weights of a selection are recorded. */
export const measurementSchema = z.object({
  selection: selectionSchema,
  unit: z.enum(['batch', 'epoch']),
  epochs: z.int().min(1).max(5000),
})

export const hessianAnalysisSchema = z.object({
  kind: z.literal('hessian'),
  selection: selectionSchema,
  /** The first so many training samples. */
  samples: z.int().min(1).max(60000),
  /** Eigenpairs wanted from the top and from the bottom of the spectrum. */
  largest: z.int().min(1).max(500),
  smallest: z.int().min(0).max(200),
  /** Converged: residual ≤ tolerance·max|h|. */
  tolerance: positive.max(0.1),
  maxProducts: z.int().min(2).max(5000),
})

export const singularValuesAnalysisSchema = z.object({
  kind: z.literal('singularValues'),
  /** Standard deviation in the Marchenko–Pastur edge: of the initialiser, or of the kernel's entries. */
  edge: z.enum(['initialiser', 'entries']),
})

export const principalComponentsAnalysisSchema = z.object({
  kind: z.literal('principalComponents'),
  components: z.int().min(2).max(400),
})

export const analysisSchema = z.discriminatedUnion('kind', [
  hessianAnalysisSchema,
  singularValuesAnalysisSchema,
  principalComponentsAnalysisSchema,
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
  kernel: z.int().min(1).max(9).nullable(),
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
export type HessianAnalysis = z.infer<typeof hessianAnalysisSchema>
export type SingularValuesAnalysis = z.infer<typeof singularValuesAnalysisSchema>
export type PrincipalComponentsAnalysis = z.infer<typeof principalComponentsAnalysisSchema>
export type View = z.infer<typeof viewSchema>
export type PanelId = z.infer<typeof panelIdSchema>
export type Selection = z.infer<typeof selectionSchema>
