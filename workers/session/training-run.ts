import type { EpochHistory } from '../../src/contracts/results.ts'
import { sha256Hex } from '../data/sha256.ts'
import type { TrainerState } from '../training/trainer.ts'
import { Checkpoints } from './checkpoints.ts'
import { checkpointKey } from './keys.ts'
import type { ResultStore } from './store.ts'
import type { Workbench } from './workbench.ts'

/** What is stored of a run besides its checkpoints. */
interface RunRecord {
  readonly history: EpochHistory
  /** Epochs with a checkpoint, and the key each is stored under. */
  readonly stored: readonly (readonly [number, string])[]
  /** The state at a pause in the middle of an epoch; null when the last checkpoint is the latest state. */
  readonly latest: TrainerState | null
  readonly seconds: number
  readonly fingerprint: string | null
}

type MutableHistory = { -readonly [name in keyof EpochHistory]: number[] }

/** One trajectory of the weights: its history, checkpoints and where it stands. */
export class TrainingRun {
  readonly checkpoints = new Checkpoints()
  seconds = 0
  fingerprint: string | null = null
  private readonly values: MutableHistory = emptyHistory()
  private readonly stored = new Map<number, string>()

  constructor(
    private currentKey: string,
    private readonly bench: Workbench,
    private readonly store: ResultStore,
  ) {}

  get history(): EpochHistory {
    const { values } = this
    return {
      epoch: [...values.epoch],
      step: [...values.step],
      trainLoss: [...values.trainLoss],
      trainAccuracy: [...values.trainAccuracy],
      testLoss: [...values.testLoss],
      testAccuracy: [...values.testAccuracy],
      learningRate: [...values.learningRate],
    }
  }

  get started(): boolean {
    return this.values.epoch.length > 0
  }

  get key(): string {
    return this.currentKey
  }

  /** A recorded change of settings makes this a different run from here on; what was stored before still counts. */
  rekey(key: string): void {
    this.currentKey = key
  }

  /** Weights of the last checkpoint, or the initial ones. */
  lastWeights(): Float32Array {
    const epoch = this.checkpoints.lastEpoch
    const state = epoch === null ? null : this.checkpoints.get(epoch)
    return Float32Array.from(state?.weights ?? this.bench.initial)
  }

  /** Puts the trainer at the initial weights. */
  start(): void {
    const { trainer, initial } = this.bench
    trainer.restore({ position: { epoch: 0, cursor: 0, step: 0 }, weights: initial, velocity: new Float32Array(initial.length) })
  }

  /** Reads loss and accuracy, keeps the state and stores both. Called at the start and after every epoch. */
  async checkpoint(): Promise<void> {
    const { trainer } = this.bench
    const [state, reading] = [await trainer.snapshot(), await this.bench.read()]
    const { epoch, step } = state.position
    const entry: Record<keyof EpochHistory, number> = {
      epoch,
      step,
      trainLoss: reading.train.loss,
      trainAccuracy: reading.train.accuracy,
      testLoss: reading.test.loss,
      testAccuracy: reading.test.accuracy,
      learningRate: trainer.settings.learningRate,
    }
    for (const name of historyNames) this.values[name].push(entry[name])
    this.checkpoints.add(epoch, state)
    this.fingerprint = fingerprintOf(state)
    const key = checkpointKey(this.key, epoch)
    this.stored.set(epoch, key)
    await this.store.put(key, state)
  }

  /** Stores where the run stands, the middle of an epoch included. */
  async save(): Promise<void> {
    const { trainer } = this.bench
    const latest = trainer.position.cursor === 0 ? null : await trainer.snapshot()
    const record: RunRecord = { history: this.history, stored: [...this.stored], latest, seconds: this.seconds, fingerprint: this.fingerprint }
    await this.store.put(this.key, record)
  }

  /** Goes back to what was stored under the key. False when there is nothing. */
  async resume(): Promise<boolean> {
    const record = await this.store.get<RunRecord>(this.key)
    if (record === null) return false
    for (const [epoch, key] of record.stored) {
      const state = await this.store.get<TrainerState>(key)
      if (state === null) continue
      this.checkpoints.add(epoch, state)
      this.stored.set(epoch, key)
    }
    const last = this.checkpoints.lastEpoch
    if (last === null || last !== record.history.epoch.at(-1)) return false
    for (const name of historyNames) this.values[name].push(...record.history[name])
    this.seconds = record.seconds
    this.fingerprint = record.fingerprint
    if (record.latest) this.bench.trainer.restore(record.latest)
    else this.backToLastCheckpoint()
    return true
  }

  /** The last good state, after a divergence. Returns its epoch. */
  backToLastCheckpoint(): number {
    const epoch = this.checkpoints.lastEpoch
    const state = epoch === null ? null : this.checkpoints.get(epoch)
    if (state === null) this.start()
    else this.bench.trainer.restore(state)
    return epoch ?? 0
  }
}

const historyNames: readonly (keyof EpochHistory)[] = ['epoch', 'step', 'trainLoss', 'trainAccuracy', 'testLoss', 'testAccuracy', 'learningRate']

function emptyHistory(): MutableHistory {
  return { epoch: [], step: [], trainLoss: [], trainAccuracy: [], testLoss: [], testAccuracy: [], learningRate: [] }
}

/** First digits of the SHA-256 of the weights' bytes. */
function fingerprintOf({ weights }: TrainerState): string {
  return sha256Hex(weights).slice(0, 12)
}
