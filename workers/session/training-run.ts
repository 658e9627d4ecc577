import type { EpochHistory } from '../../src/contracts/results.ts'
import { sha256Hex } from '../data/sha256.ts'
import { EngineError } from '../engine/engine.ts'
import { diverged } from '../experiments/training/train.ts'
import type { TrainerState } from '../training/trainer.ts'
import { Checkpoints } from './checkpoints.ts'
import { historyNames, historyUpTo } from './history.ts'
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
}

/** One trajectory of the weights: its history, checkpoints and where it stands. */
export class TrainingRun {
  readonly checkpoints = new Checkpoints()
  seconds = 0
  /** True while everything there is came from storage. */
  restored = false
  private values: EpochHistory = historyUpTo(null, 0)
  private stored = new Map<number, string>()
  private readonly earlierKeys: string[] = []
  private hashed: { readonly state: TrainerState; readonly fingerprint: string } | null = null

  constructor(
    private currentKey: string,
    private readonly bench: Workbench,
    private readonly store: ResultStore,
  ) {}

  get history(): EpochHistory {
    return historyUpTo(this.values, Infinity)
  }

  get started(): boolean {
    return this.values.epoch.length > 0
  }

  /** First digits of the SHA-256 of the weights' bytes at the last checkpoint. */
  get fingerprint(): string | null {
    const state = this.lastState()
    if (state === null) return null
    if (this.hashed?.state !== state) this.hashed = { state, fingerprint: sha256Hex(state.weights).slice(0, 12) }
    return this.hashed.fingerprint
  }

  get key(): string {
    return this.currentKey
  }

  /** The key, and before it those that the run had when settings were changed on the way, latest first. */
  get keys(): readonly string[] {
    return [this.currentKey, ...this.earlierKeys]
  }

  /** A recorded change of settings makes this a different run from here on; what was stored before still counts. */
  rekey(key: string): void {
    if (key !== this.currentKey) this.earlierKeys.unshift(this.currentKey)
    this.currentKey = key
  }

  /** The state at a checkpoint, else of the last one, else the initial ones. */
  stateAt(epoch: number | null): Float32Array {
    const wanted = epoch === null ? null : this.checkpoints.get(epoch)
    return Float32Array.from((wanted ?? this.lastState())?.weights ?? this.bench.initial)
  }

  /** Puts the trainer at the initial weights. */
  start(): void {
    const { trainer, initial, network } = this.bench
    trainer.restore({ position: { epoch: 0, cursor: 0, step: 0 }, weights: initial, velocity: new Float32Array(network.parameterCount) })
  }

  /**
   * Reads loss and accuracy, keeps the state and stores both. Called at the start and after every epoch. Throws
   * `LabError('diverged')` and keeps nothing when the last step has made the weights useless.
   */
  async checkpoint(rest: () => Promise<void>): Promise<void> {
    const { trainer } = this.bench
    const [state, reading] = [await trainer.snapshot(), await this.bench.read(rest)]
    const { epoch, step } = state.position
    if (!Number.isFinite(reading.train.loss)) throw diverged(step, reading.train.loss, trainer.settings, 'the loss')
    const entry: Record<keyof EpochHistory, number> = {
      epoch,
      step,
      trainLoss: reading.train.loss,
      trainAccuracy: reading.train.accuracy,
      testLoss: reading.test.loss,
      testAccuracy: reading.test.accuracy,
      learningRate: trainer.settings.learningRate,
    }
    const values = { ...this.values }
    for (const name of historyNames) values[name] = [...values[name], entry[name]]
    this.values = values
    this.keep(state)
    this.restored = false
    const key = checkpointKey(this.key, epoch)
    this.stored.set(epoch, key)
    await this.store.put(key, state)
  }

  /** Stores where the run stands, the middle of an epoch included. A longer run of the same key is never replaced. */
  async save(): Promise<void> {
    if (!this.started) return
    const latest = await this.midEpoch()
    const record: RunRecord = { history: this.history, stored: [...this.stored], latest, seconds: this.seconds }
    const known = await this.store.get<RunRecord>(this.key)
    if (known === null || reach(known) <= reach(record)) await this.store.put(this.key, record)
  }

  /** Makes the store forget the run; its checkpoints are overwritten when it is repeated. */
  async forget(): Promise<void> {
    await this.store.put(this.key, null)
  }

  /** Goes back to what was stored under the key, up to an epoch. False, with nothing changed, when there is nothing. */
  async resume(limit: number): Promise<boolean> {
    const record = await this.store.get<RunRecord>(this.key)
    if (record === null) return false
    const states = await this.load(record, limit)
    const last = states.at(-1)
    if (last === undefined) return false
    for (const state of states) this.keep(state)
    const { epoch } = last.position
    this.values = historyUpTo(record.history, epoch)
    this.stored = new Map(record.stored.filter(([stored]) => stored <= epoch))
    this.seconds = record.seconds * (this.values.epoch.length / record.history.epoch.length)
    this.restored = true
    const { latest } = record
    const goesOn = latest !== null && latest.position.epoch === epoch && epoch < limit
    this.bench.trainer.restore(goesOn ? latest : last)
    return true
  }

  /** Takes over what another run has reached, on another engine. */
  adopt(other: TrainingRun): void {
    for (const epoch of other.checkpoints.epochs) {
      const state = other.checkpoints.get(epoch)
      if (state !== null) this.keep(state)
    }
    this.values = other.history
    this.stored = new Map(other.stored)
    this.seconds = other.seconds
    this.backToLastCheckpoint()
  }

  /** The last good state, after a divergence. */
  backToLastCheckpoint(): void {
    const state = this.lastState()
    if (state === null) this.start()
    else this.bench.trainer.restore(state)
  }

  private lastState(): TrainerState | null {
    const { lastEpoch } = this.checkpoints
    return lastEpoch === null ? null : this.checkpoints.get(lastEpoch)
  }

  private keep(state: TrainerState): void {
    this.checkpoints.add(state.position.epoch, state)
  }

  private async load(record: RunRecord, limit: number): Promise<TrainerState[]> {
    const wanted = record.stored.filter(([epoch]) => epoch <= limit).sort(([a], [b]) => a - b)
    const states = await Promise.all(wanted.map(([, key]) => this.store.get<TrainerState>(key)))
    return states.filter((state) => state !== null)
  }

  private async midEpoch(): Promise<TrainerState | null> {
    const { trainer } = this.bench
    if (trainer.position.cursor === 0) return null
    try {
      return await trainer.snapshot()
    } catch (error) {
      // A lost device has taken the steps since the last checkpoint with it.
      if (error instanceof EngineError && error.code === 'lost') return null
      throw error
    }
  }
}

function reach({ latest, history }: RunRecord): number {
  return latest?.position.step ?? history.step.at(-1) ?? 0
}
