import type { Experiment } from '../../src/contracts/experiment.ts'
import { trainingKey } from './keys.ts'
import type { Prepared } from './preparation.ts'
import type { ResultStore } from './store.ts'
import { TrainingRun } from './training-run.ts'

/** How a run was found: the one at hand, one of storage or of a lost engine, or a new one. */
export type Found = 'kept' | 'restored' | 'new'

/** Finds the run that belongs to the settings and remembers what it goes on from. */
export class RunKeeper {
  /** Epochs that the settings asked for when the run was taken up. */
  reach = 0
  private run: TrainingRun | null = null
  private lost: TrainingRun | null = null
  /** Key of the run on a lost device that the present one goes on from. */
  private continues: string | null = null

  constructor(private readonly store: ResultStore) {}

  get present(): TrainingRun | null {
    return this.run
  }

  clear(): void {
    this.run = this.lost = this.continues = null
  }

  /** Before what the run works on is built anew. */
  async release(): Promise<void> {
    await this.run?.save()
    this.run = null
  }

  /** The device of the run is gone: the next one begins with its checkpoints. */
  carryOver(): void {
    if (this.run?.started === true) this.lost = this.run
    this.run = null
  }

  /** The run of the settings, with the trainer put where it stands and configured. */
  async takeUp(prepared: Prepared, experiment: Experiment): Promise<{ readonly run: TrainingRun; readonly found: Found }> {
    const found = await this.find(prepared, experiment)
    this.reach = experiment.training.epochs
    this.run = found.run
    prepared.bench.trainer.configure(experiment.training, experiment.seeds)
    return found
  }

  /** A new run from the initial weights; what was stored of it is forgotten. */
  async restart(prepared: Prepared, experiment: Experiment): Promise<TrainingRun> {
    this.continues = null
    const run = this.create(prepared, experiment)
    await run.forget()
    run.start()
    prepared.bench.trainer.configure(experiment.training, experiment.seeds)
    this.run = run
    return run
  }

  /** The settings of the run were changed while it was under way. */
  rekey(prepared: Prepared, experiment: Experiment): void {
    this.run?.rekey(this.key(prepared, experiment))
  }

  private async find(prepared: Prepared, experiment: Experiment): Promise<{ readonly run: TrainingRun; readonly found: Found }> {
    const adopted = this.adoptLost(prepared, experiment)
    if (adopted !== null) return { run: adopted, found: 'restored' }
    const before = this.run
    const same = before !== null && before.key === this.key(prepared, experiment)
    if (same && this.reach === experiment.training.epochs) return { run: before, found: 'kept' }
    await before?.save()
    if (!same) this.continues = null
    const run = this.create(prepared, experiment)
    if (await run.resume(experiment.training.epochs)) return { run, found: 'restored' }
    if (same && prepared.bench.trainer.epochsDone <= experiment.training.epochs) return { run: before, found: 'kept' }
    run.start()
    return { run, found: 'new' }
  }

  private adoptLost(prepared: Prepared, experiment: Experiment): TrainingRun | null {
    const { lost } = this
    if (lost === null) return null
    this.lost = null
    this.continues = lost.key
    const run = this.create(prepared, experiment)
    run.adopt(lost)
    return run
  }

  private create(prepared: Prepared, experiment: Experiment): TrainingRun {
    return new TrainingRun(this.key(prepared, experiment), prepared.bench, this.store)
  }

  private key({ chosen, dataset, importedWeights }: Prepared, experiment: Experiment): string {
    const { numericalVersion } = chosen.engine.info
    return trainingKey(experiment, { datasetHash: dataset.hash, numericalVersion, importedWeights, continues: this.continues })
  }
}
