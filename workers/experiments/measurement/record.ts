import { LabError } from '../../../src/contracts/errors.ts'
import type { MeasurementSettings } from '../../../src/contracts/experiment.ts'
import type { Engine } from '../../engine/engine.ts'
import type { SelectedParameters } from '../../networks/selection.ts'
import { SnapshotRecorder } from '../../numerics/snapshots.ts'
import type { Burst, Trainer } from '../../training/trainer.ts'
import { throttled, type Pacing, type StepProgress } from '../deps.ts'
import { diverged, refuseDivergence, type ChunkTarget } from '../training/train.ts'

/** Bytes of the snapshots that a measurement may hold; 20,000 snapshots of 8,192 parameters take 655 MB. */
export const SNAPSHOT_BUDGET = 800 * 1024 * 1024

/** Bytes of weights copied per burst. */
const CAPTURE_BYTES = 8 * 1024 * 1024

/** Snapshots that a measurement takes: the start, then one per batch or per epoch. */
export function snapshotCount(settings: MeasurementSettings, stepsPerEpoch: number): number {
  return 1 + settings.epochs * (settings.unit === 'batch' ? stepsPerEpoch : 1)
}

/**
 * Trains on at the settings the trainer has and records the selected weights, w(0) being the present ones. Returns
 * what was recorded when the signal stops it.
 */
export async function recordWeights(
  engine: Engine,
  trainer: Trainer,
  selection: SelectedParameters,
  settings: MeasurementSettings,
  pacing: Pacing,
  chunk: ChunkTarget,
  onProgress: (progress: StepProgress) => void,
): Promise<SnapshotRecorder> {
  const total = snapshotCount(settings, trainer.stepsPerEpoch)
  refuseTooMany(total, selection)
  const recorder = new SnapshotRecorder(selection.size, { budgetBytes: SNAPSHOT_BUDGET })
  const hull = hullOf(selection)
  const perBurst = Math.max(1, Math.min(1024, Math.floor(CAPTURE_BYTES / (4 * hull.length))))
  const first = await engine.read(trainer.weights, hull.offset, hull.length)
  recorder.append(compact(selection, hull, first, 0))
  const lastEpoch = trainer.position.epoch + settings.epochs
  const into = engine.allocate('float', perBurst * hull.length, 'captured weights')
  const report = throttled(pacing.now, onProgress)
  let steps = 1
  try {
    while (trainer.position.epoch < lastEpoch && !pacing.signal.aborted) {
      const start = pacing.now()
      const burst = await trainer.advance(Math.min(steps, perBurst), { offset: hull.offset, length: hull.length, into })
      refuseDivergence(burst)
      await append(engine, recorder, selection, hull, into, burst, settings, trainer.position.cursor === 0)
      steps = Math.max(1, Math.round((chunk.milliseconds / Math.max(pacing.now() - start, 0.01)) * burst.steps))
      report({ what: `Recording ${selection.text}: snapshot ${recorder.count} of ${total}`, step: recorder.count, of: total })
      await pacing.breathe()
    }
  } finally {
    engine.free(into)
  }
  return recorder
}

interface Hull {
  readonly offset: number
  readonly length: number
}

/** The smallest range of the flat vector that holds the selection: what is copied after every step. */
function hullOf(selection: SelectedParameters): Hull {
  const offset = Math.min(...selection.parameters.map((parameter) => parameter.offset))
  const end = Math.max(...selection.parameters.map((parameter) => parameter.offset + parameter.size))
  return { offset, length: end - offset }
}

async function append(
  engine: Engine,
  recorder: SnapshotRecorder,
  selection: SelectedParameters,
  hull: Hull,
  captured: Parameters<Engine['read']>[0],
  burst: Burst,
  settings: MeasurementSettings,
  epochEnded: boolean,
): Promise<void> {
  const { steps } = burst
  if (settings.unit === 'epoch' && !epochEnded) return
  const from = settings.unit === 'epoch' ? steps - 1 : 0
  const values = await engine.read(captured, from * hull.length, (steps - from) * hull.length)
  for (let i = 0; i < steps - from; i++) {
    const row = compact(selection, hull, values, i * hull.length)
    if (!row.every(Number.isFinite)) throw diverged(burst.firstStep + from + i + 1, NaN, burst.settings, 'a weight')
    recorder.append(row)
  }
}

function compact(selection: SelectedParameters, hull: Hull, values: Float32Array | Float64Array, start: number): Float32Array {
  const row = new Float32Array(selection.size)
  let at = 0
  for (const { offset, size } of selection.parameters) {
    const begin = start + offset - hull.offset
    row.set(values.subarray(begin, begin + size), at)
    at += size
  }
  return row
}

function refuseTooMany(total: number, selection: SelectedParameters): void {
  const bytes = total * selection.size * 4
  if (bytes <= SNAPSHOT_BUDGET) return
  const fits = Math.floor(SNAPSHOT_BUDGET / (4 * selection.size))
  throw new LabError(
    'out-of-memory',
    `${total} snapshots of ${selection.size} parameters need ${Math.round(bytes / 1e6)} MB; the limit is ${Math.round(SNAPSHOT_BUDGET / 1e6)} MB, which holds ${fits}.`,
    'Measure fewer epochs, record once per epoch, or choose one layer.',
  )
}
