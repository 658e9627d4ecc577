import { toLabErrorData, type LabErrorData } from '../contracts/errors.ts'
import type { Experiment } from '../contracts/experiment.ts'
import type { EngineChoice, LabEvent, LabListener, Notice, StageState, StageStatus } from '../contracts/session.ts'
import { createLabClient } from './create-lab-client.ts'
import type { LabClient, UserFiles } from './lab-client.ts'
import { Replica, type ReplicaTask } from './replica.ts'
import { replicaExperiment } from './replica-experiment.ts'
import { parallelLimit } from './replica-limits.ts'
import { startLabWorker } from './start-lab-worker.ts'
import type { LabPort } from './worker-link.ts'

/** An experiment over several seeds, as it is to be run now. */
export interface ReplicaPlan {
  readonly experiment: Experiment
  readonly engine: EngineChoice
  readonly files: UserFiles
  /** Bytes that one worker will hold. */
  readonly bytesEach: number
  /** Hears of the seeds by how much they are raised. What is told later is told to the plan that it belongs to. */
  readonly onStatus: (offset: number, status: StageStatus) => void
  readonly onEvent: (offset: number, event: LabEvent) => void
  readonly onNotice: (notice: Notice) => void
}

export interface ReplicaRunnerOptions {
  /** Absolute URL of the folder that holds `mnist/index.json`. */
  readonly dataUrl: string
  /** Processor cores of this machine. */
  readonly cores: number
}

/**
 * Runs the further seeds of an experiment, each in a worker of its own, as many at once as processor and memory allow.
 * A seed that is done, or that failed, gives its worker back; one that was paused keeps it.
 */
export interface ReplicaRunner {
  /** Resolves when these seeds are done, failed or paused. Goes on where they were paused. Never rejects. */
  run(plan: ReplicaPlan, offsets: readonly number[], task: ReplicaTask): Promise<void>
  pause(): Promise<void>
  /** Ends the workers of seeds raised by `from` or more; what was stored is kept. */
  release(from?: number): Promise<void>
  /** As `release`, and the next run of every seed begins at its initial weights. */
  reset(): Promise<void>
}

export function createReplicaRunner(options: ReplicaRunnerOptions, startWorker: () => LabPort = startLabWorker): ReplicaRunner {
  return new Runner(options, startWorker)
}

interface Job {
  readonly plan: ReplicaPlan
  readonly offset: number
  readonly task: ReplicaTask
}

class Runner implements ReplicaRunner {
  private readonly replicas = new Map<number, Replica>()
  private readonly running = new Map<number, Replica>()
  /** The newest plan of every seed: the one that its events belong to. */
  private readonly plans = new Map<number, ReplicaPlan>()
  private waiting: Job[] = []
  /** Null unless there was a reset: the seeds that have begun anew since. */
  private renewed: Set<number> | null = null

  constructor(
    private readonly options: ReplicaRunnerOptions,
    private readonly startWorker: () => LabPort,
  ) {}

  async run(plan: ReplicaPlan, offsets: readonly number[], task: ReplicaTask): Promise<void> {
    const wanted = offsets.filter((offset) => !this.running.has(offset))
    if (wanted.length === 0) return
    const { workers, notice } = parallelLimit(wanted.length, this.options.cores, plan.bytesEach)
    if (notice !== null) plan.onNotice(notice)
    this.waiting = wanted.map((offset) => ({ plan, offset, task }))
    const free = Math.max(0, workers - this.running.size)
    await Promise.all(Array.from({ length: free }, () => this.work()))
  }

  async pause(): Promise<void> {
    this.waiting = []
    await Promise.all([...this.running.values()].map((replica) => replica.pause().catch(() => undefined)))
  }

  async release(from = 0): Promise<void> {
    if (from === 0) this.renewed = null
    await this.end(from)
  }

  async reset(): Promise<void> {
    this.renewed = new Set()
    await this.end(0)
  }

  private async end(from: number): Promise<void> {
    this.waiting = this.waiting.filter(({ offset }) => offset < from)
    const ended = [...this.replicas].filter(([offset]) => offset >= from)
    for (const [offset] of ended) {
      this.replicas.delete(offset)
      this.running.delete(offset)
    }
    await Promise.all(ended.map(([, replica]) => replica.dispose()))
  }

  /** One after the other until none waits. */
  private async work(): Promise<void> {
    for (let job = this.waiting.shift(); job !== undefined; job = this.waiting.shift()) await this.perform(job)
  }

  private async perform({ plan, offset, task }: Job): Promise<void> {
    const start = performance.now()
    this.plans.set(offset, plan)
    plan.onStatus(offset, { state: 'running', seconds: null, restored: false, error: null })
    const replica = this.replicas.get(offset) ?? this.create(plan, offset)
    this.running.set(offset, replica)
    let state: StageState = 'failed'
    let error: LabErrorData | null = null
    try {
      await replica.perform(task, replicaExperiment(plan.experiment, offset))
      state = stateAfter(replica, task)
    } catch (thrown) {
      error = toLabErrorData(thrown)
    }
    // What was released meanwhile is not spoken of any more.
    if (this.replicas.get(offset) !== replica) return
    this.running.delete(offset)
    if (state !== 'paused') {
      this.replicas.delete(offset)
      await replica.dispose()
    }
    const seconds = state === 'done' ? (performance.now() - start) / 1000 : null
    plan.onStatus(offset, { state, seconds, restored: task === 'restore', error })
  }

  private create(plan: ReplicaPlan, offset: number): Replica {
    const fresh = this.renewed !== null && !this.renewed.has(offset)
    this.renewed?.add(offset)
    const createClient = (onEvent: LabListener): LabClient => createLabClient({ dataUrl: this.options.dataUrl, cores: 1, onEvent }, this.startWorker)
    const replica: Replica = new Replica(createClient, { engine: plan.engine, files: plan.files, fresh }, (event) => {
      if (this.replicas.get(offset) === replica && isTold(event)) this.plans.get(offset)?.onEvent(offset, event)
    })
    this.replicas.set(offset, replica)
    return replica
  }
}

function stateAfter(replica: Replica, task: ReplicaTask): StageState {
  if (task === 'restore') return replica.isComplete ? 'done' : 'idle'
  return replica.wasStopped || task === 'training' ? 'paused' : 'done'
}

/** What the page wants to know of a further seed; of overlaps only whole ones. */
function isTold(event: LabEvent): boolean {
  if (event.type === 'result') return event.result.kind !== 'overlap' || event.result.rowsDone === event.result.rows
  return event.type === 'training' || event.type === 'progress' || event.type === 'stage' || event.type === 'stale'
}
