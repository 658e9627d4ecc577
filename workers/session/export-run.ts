import { zipSync } from 'fflate'
import { LabError } from '../../src/contracts/errors.ts'
import type { Experiment } from '../../src/contracts/experiment.ts'
import type { CurvatureSeriesResult, EpochHistory, LabResult } from '../../src/contracts/results.ts'
import type { EngineStatus, FileOutput } from '../../src/contracts/session.ts'
import { writeNpz } from '../data/npz.ts'
import { arraysOf, curvatureArrays, prefixesOf } from './result-arrays.ts'
import { sha256Hex } from '../data/sha256.ts'
import { writeSafetensors } from '../data/safetensors.ts'
import { ownArrays } from '../interop/own-weights.ts'
import { slotsOf } from '../interop/slots.ts'
import type { Network } from '../networks/network.ts'
import type { AnalysisStage } from './analyses.ts'
import type { TrainingRun } from './training-run.ts'

/** Version of the layout of exported files. */
const SCHEMA = 1

/** All times of members, so that equal runs give equal bytes (the zip format starts in 1980). */
export const MODIFIED = new Date(1980, 0, 1, 12)

export interface RunExport {
  readonly experiment: Experiment
  readonly run: TrainingRun
  readonly network: Network
  readonly dataset: { readonly name: string; readonly hash: string }
  readonly analyses: AnalysisStage | null
  readonly curvature: CurvatureSeriesResult | null
  readonly engine: EngineStatus | null
  readonly appVersion: string
}

/**
 * The files of a run, by name: `manifest.json`, `weights.safetensors`, `arrays.npz`, `metrics.csv`. The weights are
 * those that were analysed, so that eigenvectors and weights belong together; the last ones without an analysis.
 */
export function runFiles(run: RunExport): Record<string, Uint8Array> {
  const files = {
    'weights.safetensors': writeSafetensors(ownArrays(slotsOf(run.network), exportedState(run))),
    'arrays.npz': writeNpz({ ...arraysOf(run.analyses), ...(run.curvature === null ? {} : curvatureArrays(run.curvature)) }),
    'metrics.csv': new TextEncoder().encode(metricsCsv(run.run.history)),
  }
  return { 'manifest.json': new TextEncoder().encode(manifest(run, files)), ...files }
}

/** The state that was analysed, so that eigenvectors and weights belong together; the last one without an analysis. */
export function exportedState(run: RunExport): Float32Array {
  return run.run.stateAt(weightsEpoch(run))
}

function weightsEpoch({ analyses, run }: RunExport): number {
  return (analyses?.hasResults === true ? analyses.epoch : null) ?? run.checkpoints.lastEpoch ?? 0
}

/** The same as one zip. */
export function exportRun(run: RunExport): FileOutput {
  const bytes = zipSync(runFiles(run), { level: 6, mtime: MODIFIED })
  return { name: `hessian-lab-${run.experiment.preset}.zip`, mime: 'application/zip', bytes }
}

/** Arrays of one kind of result. */
export function exportResult(analyses: AnalysisStage | null, curvature: CurvatureSeriesResult | null, kind: LabResult['kind'], overlap: string | null): FileOutput {
  const wanted = prefixesOf(kind, overlap)
  const all = kind === 'curvature' ? (curvature === null ? {} : curvatureArrays(curvature)) : arraysOf(analyses)
  const arrays = Object.fromEntries(Object.entries(all).filter(([name]) => wanted.some((prefix) => name.replace(/^a\d+_/, '').startsWith(prefix))))
  if (Object.keys(arrays).length === 0) throw new LabError('not-ready', 'There is no result to export yet.', 'Run the analysis first.')
  return { name: `hessian-lab-${overlap ?? kind}.npz`, mime: 'application/octet-stream', bytes: writeNpz(arrays) }
}

function metricsCsv(history: EpochHistory): string {
  const header = 'training_exp,epoch,training_accuracy,val_accuracy,training_loss,val_loss,step,learning_rate'
  const rows = history.epoch.map((epoch, i) =>
    [0, epoch, history.trainAccuracy[i], history.testAccuracy[i], history.trainLoss[i], history.testLoss[i], history.step[i], history.learningRate[i]].join(','),
  )
  return `${[header, ...rows].join('\n')}\n`
}

function manifest(run: RunExport, files: Record<string, Uint8Array>): string {
  const content = {
    schema: SCHEMA,
    application: 'Hessian Lab',
    version: run.appVersion,
    experiment: run.experiment,
    dataset: { name: run.dataset.name, sha256: run.dataset.hash },
    engine: run.engine?.chosen ?? null,
    fingerprint: run.run.fingerprint,
    weightsEpoch: weightsEpoch(run),
    trainingSeconds: run.run.seconds,
    layout: run.network.parameters.map(({ name, shape, offset }) => ({ name, shape, offset })),
    flattening: 'layer by layer, kernel then bias, each row-major in TensorFlow shape',
    results: [...(run.analyses?.results() ?? []), ...(run.curvature === null ? [] : [run.curvature])].map(describeResult),
    sha256: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, sha256Hex(bytes)])),
  }
  return `${JSON.stringify(content, null, 2)}\n`
}

/** The scalars of a result; its arrays are in `arrays.npz`. */
function describeResult(result: LabResult): Record<string, unknown> {
  const isArray = (value: unknown): boolean => ArrayBuffer.isView(value)
  return Object.fromEntries(Object.entries(result).filter(([, value]) => !isArray(value)).map(([name, value]) => [name, withoutArrays(value)]))
}

function withoutArrays(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutArrays)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, ArrayBuffer.isView(entry) ? Array.from(entry as Float64Array) : withoutArrays(entry)]))
}
