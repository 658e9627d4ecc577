import { presets } from '../contracts/presets.ts'
import type { EpochHistory, OverlapResult, Provenance, SpectrumResult, TrainingUpdate } from '../contracts/results.ts'
import type { EngineStatus, LabEvent, Stage, StageState } from '../contracts/session.ts'


export const provenance: Provenance = {
  dataset: 'mnist',
  datasetHash: 'abcdef0123456789',
  samples: 2000,
  seed: 7,
  engine: 'wasm',
  precision: 'float32',
  numericalVersion: '1',
  bitExact: true,
  epoch: 10,
  seconds: 1,
  appVersion: '0.1.0',
}

export function engineStatus(chosen: EngineStatus['chosen'], bitExact = true): LabEvent {
  const option = { choice: chosen, label: chosen, available: true, note: null, millisecondsPerStep: 0.3, bitExact }
  return { type: 'engine', engine: { chosen, automatic: true, label: chosen, options: [option] } }
}

export function stage(name: Stage, state: StageState): LabEvent {
  return { type: 'stage', stage: name, status: { state, seconds: null, restored: false, error: null } }
}

export function history(epochs: number, stepsPerEpoch = 10): EpochHistory {
  const epoch = Array.from({ length: epochs + 1 }, (_, i) => i)
  const falling = epoch.map((i) => 2 / (i + 1))
  const rising = epoch.map((i) => 1 - 0.9 / (i + 1))
  return {
    epoch,
    step: epoch.map((i) => i * stepsPerEpoch),
    trainLoss: falling,
    trainAccuracy: rising,
    testLoss: falling,
    testAccuracy: rising,
    learningRate: epoch.map(() => 0.01),
  }
}

export function update(step: number, more: Partial<TrainingUpdate> = {}): LabEvent {
  const base = { epoch: step / 10, step, epochs: 10, stepsPerEpoch: 10, learningRate: 0.01, millisecondsPerStep: 0.3, batches: null, history: null, fingerprint: null }
  return { type: 'training', update: { ...base, ...more } }
}

export function spectrum(analysis: number, eigenvalues: readonly number[]): SpectrumResult {
  const values = Float64Array.from(eigenvalues)
  const settings = presets[0].experiment.analyses.find((a) => a.kind === 'hessian')
  if (settings === undefined) throw new Error('the quick preset has no Hessian analysis')
  return {
    kind: 'spectrum',
    analysis,
    settings,
    batchNorm: null,
    dimension: 2500,
    eigenvalues: values,
    end: eigenvalues.map(() => 'largest'),
    residuals: new Float64Array(values.length),
    converged: eigenvalues.map(() => true),
    products: 80,
    outcome: 'converged',
    weightProduct: new Float64Array(values.length),
    participation: new Float64Array(values.length),
    batches: null,
    compared: null,
    twiceWeightDecay: 0,
    loss: 0.1,
    gradientNorm: 0.01,
    provenance,
  }
}

export function overlap(kind: OverlapResult['overlap'], layer: number | null, rowsDone = 3): OverlapResult {
  return {
    kind: 'overlap',
    overlap: kind,
    layer,
    rows: 3,
    cols: 2,
    rowLabel: 'i',
    colLabel: 'j',
    values: new Float32Array(6),
    rowsDone,
    dimension: 2500,
    diagonalSharpness: 1,
    provenance,
  }
}
