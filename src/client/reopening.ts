import type { Remote } from 'comlink'
import type { Experiment } from '../contracts/experiment.ts'
import type { EngineChoice, FileInput, LabEvent, LabSession, OpenOptions } from '../contracts/session.ts'
import type { DataFiles, UserFiles } from './lab-client.ts'

interface Opened {
  readonly experiment: Experiment
  readonly options: OpenOptions
}

/** Remembers what a new worker needs to stand where the lost one stood. */
export class Reopening {
  private opened: Opened | null = null
  private inspected: DataFiles | null = null
  private data: DataFiles | null = null
  private weights: readonly FileInput[] | null = null

  noteOpened(experiment: Experiment, options: OpenOptions): void {
    this.opened = { experiment, options }
    this.weights = null
    if (experiment.dataset.name !== 'own') this.data = null
  }

  noteExperiment(experiment: Experiment): void {
    if (this.opened !== null) this.opened = { ...this.opened, experiment }
  }

  noteEngine(engine: EngineChoice): void {
    if (this.opened !== null) this.opened = { ...this.opened, options: { ...this.opened.options, engine } }
  }

  noteInspected(data: DataFiles): void {
    this.inspected = data
  }

  /** The files inspected last are now those of the experiment. */
  noteAdopted(): void {
    this.data = this.inspected
  }

  noteWeights(files: readonly FileInput[]): void {
    this.weights = files
  }

  /** What the user brought along for the experiment at hand. */
  get files(): UserFiles {
    return { data: this.data, weights: this.weights }
  }

  /** The session may change the experiment by itself. */
  noteEvent(event: LabEvent): void {
    if (event.type === 'experiment') this.noteExperiment(event.experiment)
  }

  /** Opens the experiment again and hands over the user's files. */
  async reopen(session: Remote<LabSession>): Promise<void> {
    if (this.opened === null) return
    const { experiment, options } = this.opened
    const opening = session.open(experiment, options)
    await (this.data === null ? opening : opening.catch(() => undefined))
    if (this.data !== null) await adopt(session, this.data)
    if (this.weights !== null) await session.importWeights(this.weights)
  }
}

async function adopt(session: Remote<LabSession>, { files, options }: DataFiles): Promise<void> {
  await session.inspectData(files, options)
  await session.adoptData()
}
