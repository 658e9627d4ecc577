import { LabError } from '../../src/contracts/errors.ts'

/** `compute` jobs stop at a pause; `setup` jobs (open, update, engine, imports) only when everything is given up. */
export type JobKind = 'setup' | 'compute'

interface Job {
  readonly kind: JobKind
  readonly controller: AbortController
  /** Resolves when the job has ended, however it did. */
  ended: Promise<void>
}

/** One job at a time, in the order asked for. */
export class Jobs {
  private tail: Promise<void> = Promise.resolve()
  private readonly pending = new Set<Job>()

  /**
   * Runs `work` after everything asked for earlier; its signal aborts when the job is stopped. A job stopped before its
   * turn does nothing: a computation resolves, a setup rejects with `LabError('cancelled')`.
   */
  run(kind: JobKind, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const job: Job = { kind, controller: new AbortController(), ended: Promise.resolve() }
    const result = this.tail.then(() => start(job, work)).finally(() => this.pending.delete(job))
    job.ended = result.catch(() => undefined)
    this.pending.add(job)
    this.tail = job.ended
    return result
  }

  /** Asks the running job and all waiting ones (of a kind) to stop; resolves when they have. */
  async stop(kind?: JobKind): Promise<void> {
    const jobs = [...this.pending].filter((job) => kind === undefined || job.kind === kind)
    for (const { controller } of jobs) controller.abort()
    await Promise.all(jobs.map(({ ended }) => ended))
  }

  /** True when nothing runs or waits. */
  get idle(): boolean {
    return this.pending.size === 0
  }
}

async function start({ kind, controller }: Job, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  if (!controller.signal.aborted) return work(controller.signal)
  if (kind === 'setup') throw new LabError('cancelled', 'A later request came first.', 'Ask again if it is still wanted.')
}
