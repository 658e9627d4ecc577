import type { Experiment } from '../contracts/experiment.ts'
import type { EngineChoice, LabListener, Stage, StageState } from '../contracts/session.ts'
import { IdleGate } from './idle-gate.ts'
import type { LabClient, UserFiles } from './lab-client.ts'

/** What a replica does with its experiment: trains, goes through all stages, or only looks at what is stored. */
export type ReplicaTask = 'training' | 'all' | 'restore'

export interface ReplicaSetup {
  readonly engine: EngineChoice
  readonly files: UserFiles
  /** Forget what is stored of the run and begin at the initial weights. */
  readonly fresh: boolean
}

/** One further seed in a lab of its own. */
export class Replica {
  private readonly client: LabClient
  private readonly gate = new IdleGate()
  private readonly stages = new Map<Stage, StageState>()
  private opened: Experiment | null = null
  private stopped = false

  constructor(
    createClient: (onEvent: LabListener) => LabClient,
    private readonly setup: ReplicaSetup,
    onEvent: LabListener,
  ) {
    this.client = createClient((event) => {
      this.gate.hear(event)
      if (event.type === 'stage') this.stages.set(event.stage, event.status.state)
      onEvent(event)
    })
  }

  /** The experiment of this seed by itself. Resolves when the task has ended or was paused, with all its events told. */
  async perform(task: ReplicaTask, experiment: Experiment): Promise<void> {
    this.stopped = false
    if (this.opened === null) await this.open(experiment)
    else if (this.opened !== experiment) await this.client.update(experiment)
    this.opened = experiment
    if (task !== 'restore' && !this.wasStopped) await this.gate.after(() => (task === 'all' ? this.client.runAll() : this.client.train()))
  }

  /** Whether every stage is done. */
  get isComplete(): boolean {
    return this.stages.get('training') === 'done' && this.stages.get('analyses') === 'done'
  }

  get wasStopped(): boolean {
    return this.stopped
  }

  /** Stops what runs, and keeps it. */
  async pause(): Promise<void> {
    this.stopped = true
    if (this.opened !== null) await this.client.pause()
  }

  dispose(): Promise<void> {
    this.stopped = true
    return this.client.dispose()
  }

  private async open(experiment: Experiment): Promise<void> {
    const { engine, files, fresh } = this.setup
    const { data, weights } = files
    const opening = this.gate.after(() => this.client.open(experiment, engine))
    // Without its files an experiment on the user's data does not open.
    await (data === null ? opening : opening.catch(() => undefined))
    if (data !== null) {
      await this.client.inspectData(data.files, data.options)
      await this.gate.after(() => this.client.adoptData())
    }
    if (weights !== null) await this.gate.after(() => this.client.importWeights(weights))
    if (fresh) await this.gate.after(() => this.client.reset())
  }
}
