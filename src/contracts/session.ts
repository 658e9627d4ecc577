import type { LabErrorData } from './errors.ts'
import type { DatasetName, Experiment, SettingChange } from './experiment.ts'
import type { DataPreview, DataSummary, LabResult, NetworkSketch, NetworkSummary, SpectrumProgress, TrainingUpdate } from './results.ts'

export type EngineChoice = 'auto' | 'wasm' | 'wasm-relaxed' | 'webgpu' | 'reference'

/** One engine that this machine offers, with what the start-up measurement said. */
export interface EngineOption {
  readonly choice: Exclude<EngineChoice, 'auto'>
  readonly label: string
  readonly available: boolean
  /** Why it is not available, or what to know about it. */
  readonly note: string | null
  /** Milliseconds of one training step of the present network, null when not measured. */
  readonly millisecondsPerStep: number | null
  readonly bitExact: boolean
}

export interface EngineStatus {
  readonly chosen: Exclude<EngineChoice, 'auto'>
  readonly automatic: boolean
  readonly label: string
  readonly options: readonly EngineOption[]
}

export type Stage = 'data' | 'network' | 'training' | 'measurement' | 'analyses'
export type StageState = 'idle' | 'running' | 'paused' | 'done' | 'stale' | 'failed'

export interface StageStatus {
  readonly state: StageState
  /** Seconds the stage took, when done. */
  readonly seconds: number | null
  /** True when the result came from storage instead of being computed now. */
  readonly restored: boolean
  readonly error: LabErrorData | null
}

/** Estimated cost of what is still to do, before it is done. */
export interface CostEstimate {
  readonly stage: Stage
  readonly seconds: number
  readonly bytes: number
  /** Hessian-vector products, for analyses. */
  readonly products: number
  /** The same for each analysis of the list. */
  readonly parts?: readonly AnalysisCost[]
}

/** What one analysis will take. */
export interface AnalysisCost {
  readonly seconds: number
  readonly bytes: number
  readonly products: number
}

export interface Progress {
  readonly stage: Stage
  /** "Hessian of 2.kernel: product 12 of 160" */
  readonly what: string
  readonly step: number
  readonly of: number
  readonly secondsLeft: number | null
}

export interface Notice {
  readonly level: 'info' | 'warning' | 'error'
  readonly message: string
  readonly remedy: string | null
}

/** All that a session tells, in order. Arrays inside are fresh copies. */
export type LabEvent =
  | { readonly type: 'engine'; readonly engine: EngineStatus }
  | { readonly type: 'data'; readonly data: DataSummary }
  | { readonly type: 'network'; readonly network: NetworkSummary }
  | { readonly type: 'stage'; readonly stage: Stage; readonly status: StageStatus }
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'estimates'; readonly estimates: readonly CostEstimate[] }
  | { readonly type: 'training'; readonly update: TrainingUpdate }
  /** Epochs for which weights are kept, ascending. */
  | { readonly type: 'checkpoints'; readonly epochs: readonly number[] }
  /** The session changed the experiment itself: a recorded mid-run change, an own data set. */
  | { readonly type: 'experiment'; readonly experiment: Experiment }
  | { readonly type: 'spectrumProgress'; readonly spectrum: SpectrumProgress }
  | { readonly type: 'result'; readonly result: LabResult }
  /** Results of earlier settings are no longer those of the experiment (they stay visible, marked). */
  | { readonly type: 'stale'; readonly results: readonly LabResult['kind'][] }
  | { readonly type: 'download'; readonly download: DownloadStatus }
  | { readonly type: 'notice'; readonly notice: Notice }
  | { readonly type: 'idle' }

/** How much of a data set is stored in this browser, to be used without a network. */
export interface DownloadStatus {
  readonly name: DatasetName
  readonly state: 'partial' | 'running' | 'complete'
  readonly storedBytes: number
  readonly totalBytes: number
  readonly secondsLeft: number | null
}

export interface InspectOptions {
  /** Share of the samples set apart for testing where the files have no test split; 0 for none. */
  readonly testShare: number
}

/**
 * - `npz`, `safetensors`: one array per parameter, `dense_1/kernel`, in TensorFlow's shapes
 * - `keras`: `.npz` with the names and order of a Keras model
 * - `tfjs`: `model.json` and `weights.bin` of a TensorFlow.js layers model, in a zip
 * - `pytorch`: weights, the samples of the Hessian and a script that loads them and repeats the analysis, in a zip
 */
export type WeightsFormat = 'npz' | 'safetensors' | 'keras' | 'tfjs' | 'pytorch'

export type LabListener = (event: LabEvent) => void

export interface OpenOptions {
  readonly engine: EngineChoice
  /** Absolute URL of the folder that holds `mnist/index.json`. */
  readonly dataUrl: string
  /** Processor cores that the session may use; all of them by default. */
  readonly cores?: number
}

export type StepUnit = 'batch' | 'epoch'

/** A file the user dropped: its name and bytes. */
export interface FileInput {
  readonly name: string
  readonly bytes: Uint8Array
}

/** A finished file for download. */
export interface FileOutput {
  readonly name: string
  readonly mime: string
  readonly bytes: Uint8Array
}

/**
 * What a lab worker offers. Every call resolves when the work it asks for has ended or was stopped; what happens on
 * the way is told by events. One job runs at a time: a later call waits for the earlier one, except `pause`,
 * `cancel` and `change`, which act at once (within about 100 ms).
 */
export interface LabSession {
  /** Registers the listener. The engines of this machine are told when an experiment is opened. */
  connect(listener: LabListener): Promise<void>
  /** Opens an experiment: loads data, builds the network, restores stored results. Never trains. */
  open(experiment: Experiment, options: OpenOptions): Promise<void>
  /** Changes settings; only stages that depend on them become stale. Pure view changes touch nothing. */
  update(experiment: Experiment): Promise<void>
  /** Runs every stage that is not done: train, measure, analyse. */
  runAll(): Promise<void>
  /** Trains to the last epoch of the settings. */
  train(): Promise<void>
  step(unit: StepUnit): Promise<void>
  /** Measures and analyses the experiment at a checkpoint (null: last of training). */
  analyse(checkpoint: number | null): Promise<void>
  /** Compares the result of an analysis (by its index) with what is independent of it; told as a `check` result. */
  check(analysis: number): Promise<void>
  pause(): Promise<void>
  /** Back to the initial weights of the seed; analyses become stale. */
  reset(): Promise<void>
  /** Stops the running measurement or analysis; partial results are kept. */
  cancel(): Promise<void>
  /** Changes learning rate, weight decay or batch size from the next step on; recorded in the experiment. */
  change(change: Omit<SettingChange, 'step'>): Promise<void>
  chooseEngine(choice: EngineChoice): Promise<void>
  /** Reads the user's files (IDX, CIFAR-10 archive, `.npz`, zip of class folders, CSV) without using them yet. */
  inspectData(files: readonly FileInput[], options: InspectOptions): Promise<DataPreview>
  /** Replaces the data set by the files inspected last. */
  adoptData(): Promise<void>
  /** Samples of the data set in use; null before it is loaded. */
  previewData(): Promise<DataPreview | null>
  /** How much of a prepared data set is stored in this browser; null where it cannot be stored or is not to be had. */
  downloadStatus(name: DatasetName): Promise<DownloadStatus | null>
  /** Stores a whole data set in this browser, going on where an earlier download stopped. Told by `download` events. */
  download(name: DatasetName): Promise<void>
  cancelDownload(): Promise<void>
  removeDownload(name: DatasetName): Promise<void>
  /** Shapes, parameters and costs of an experiment's network, whether it can be built or not. Acts at once. */
  sketchNetwork(experiment: Experiment): Promise<NetworkSketch>
  /** Starts from the user's weights (`.npz`, `.safetensors`, or `model.json` with its `.bin`) instead of the initialiser. */
  importWeights(files: readonly FileInput[]): Promise<void>
  exportWeights(format: WeightsFormat): Promise<FileOutput>
  /** `manifest.json`, `weights.safetensors`, `arrays.npz`, `metrics.csv` in one zip. */
  exportRun(): Promise<FileOutput>
  /** Arrays of one result as `.npz`. */
  exportResult(kind: LabResult['kind'], overlap: string | null): Promise<FileOutput>
  dispose(): Promise<void>
}
