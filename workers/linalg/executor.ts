import { Crew, whileAwake, type CrewListener } from './crew.ts'
import { CANCELLED, CONTROL, CONTROL_WORDS, layoutOf, TASK } from './layout.ts'
import { instantiateKernels } from './module.ts'
import { Problem, Stopped, type Pace } from './problem.ts'
import { perform, type Outcome, type Task } from './tasks.ts'
import type { LinalgThreads } from './thread.ts'

/** How the caller follows a task and ends it. */
export interface TaskOptions {
  readonly onProgress?: (progress: { readonly phase: string; readonly done: number }) => void
  readonly signal?: AbortSignal
  /** Awaited between stretches of work on the caller's own thread; unused where other threads do it. */
  readonly rest?: () => Promise<void>
}

/** Who does the tasks of a problem. */
export interface Executor {
  /** Threads that work together. */
  readonly threads: number
  /** Null when a decomposition was stopped. */
  perform(problem: SharedProblem, task: Task, options: TaskOptions): Promise<Outcome>
  /** The problem is not needed any more. */
  close(problem: SharedProblem): void
  dispose(): void
}

/** What the caller knows of a problem. */
export interface SharedProblem {
  readonly id: number
  readonly memory: WebAssembly.Memory
  readonly size: number
  readonly vectors: boolean
  readonly isLarge: boolean
}

/** Milliseconds of work between two rests, and multiplications that take less. */
const WORK_BETWEEN_RESTS = 12
const STRETCH = 5e7

/** On the caller's thread, in slices. */
export class LocalExecutor implements Executor {
  readonly threads = 1

  constructor(private readonly module: WebAssembly.Module) {}

  async perform({ memory, size, vectors }: SharedProblem, task: Task, options: TaskOptions): Promise<Outcome> {
    const kernels = await instantiateKernels(this.module, memory)
    return perform(new Problem(memory, kernels, layoutOf(size, vectors), 1), task, localPace(options))
  }

  close(): void {
    // Nothing is kept of a problem.
  }

  dispose(): void {
    // There are no threads to end.
  }
}

function localPace({ onProgress, signal, rest = breath }: TaskOptions): Pace {
  let rested = performance.now()
  const stopWhenAborted = (): void => {
    if (signal?.aborted === true) throw new Stopped()
  }
  return {
    stretch: STRETCH,
    onProgress: (phase, done) => onProgress?.({ phase, done }),
    rest: async () => {
      stopWhenAborted()
      if (performance.now() - rested < WORK_BETWEEN_RESTS) return
      await rest()
      rested = performance.now()
      stopWhenAborted()
    },
  }
}

function breath(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

/** Milliseconds that threads have to hear of a cancel before they are ended. */
const LAST_ORDERS = 150

/** Smaller problems are left to one thread. */
const WORTH_SHARING = 96

/** Threads on shared memory. They are started anew when one of them broke or did not stop in time. */
export class CrewExecutor implements Executor {
  private turn: Promise<unknown> = Promise.resolve()
  private isDisposed = false
  private tasks = 0
  private readonly open = new Map<number, Crew>()

  constructor(
    private readonly module: WebAssembly.Module,
    private readonly source: LinalgThreads,
    private crew: Crew,
  ) {}

  get threads(): number {
    return this.crew.size
  }

  perform(problem: SharedProblem, task: Task, options: TaskOptions): Promise<Outcome> {
    const result = this.turn.then(() => this.take(problem, task, options))
    this.turn = result.catch(() => undefined)
    return result
  }

  /** Threads that sleep would hold on to a large memory; new ones start in no time beside what it took to fill it. */
  close({ id, isLarge }: SharedProblem): void {
    if (this.open.get(id) === this.crew && this.crew.isAlive) {
      for (let thread = 0; thread < this.threads; thread++) this.crew.post(thread, { kind: 'close', problem: id })
      if (isLarge) void this.turn.then(() => this.crew.end('dismissed'))
    }
    this.open.delete(id)
  }

  dispose(): void {
    this.isDisposed = true
    this.crew.end('dismissed')
  }

  private async take(problem: SharedProblem, task: Task, options: TaskOptions): Promise<Outcome> {
    if (this.isDisposed) throw new Error('linear algebra: its threads were dismissed')
    if (!this.crew.isAlive) this.crew = await Crew.start(this.source, this.threads)
    if (options.signal?.aborted === true) return null
    new Int32Array(problem.memory.buffer, CONTROL, CONTROL_WORDS).fill(0)
    Atomics.store(new Int32Array(problem.memory.buffer, TASK, 1), 0, ++this.tasks)
    const threads = problem.size < WORTH_SHARING ? 1 : this.threads
    this.openAt(this.crew, problem, threads)
    for (let thread = 1; thread < threads; thread++) this.crew.post(thread, { kind: 'follow', problem: problem.id })
    this.crew.post(0, { kind: 'lead', problem: problem.id, task, number: this.tasks })
    return whileAwake(outcomeOf(this.crew, problem, options))
  }

  private openAt(crew: Crew, { id, memory, size, vectors }: SharedProblem, threads: number): void {
    if (this.open.get(id) === crew) return
    this.open.set(id, crew)
    for (let thread = 0; thread < threads; thread++) {
      crew.post(thread, { kind: 'open', problem: id, module: this.module, memory, size, vectors, thread, threads })
    }
  }
}

/** What the threads come to. A stop is a word in their memory first, and their end if they do not hear it. */
function outcomeOf(crew: Crew, { memory }: SharedProblem, { onProgress, signal }: TaskOptions): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let isStopping = false
    const stop = (): void => {
      isStopping = true
      Atomics.store(new Int32Array(memory.buffer, CANCELLED, 1), 0, 1)
      setTimeout(() => {
        if (crew.isListenedTo(listener)) crew.end('it did not stop in time')
      }, LAST_ORDERS)
    }
    const finish = (settle: () => void): void => {
      crew.listen(null)
      signal?.removeEventListener('abort', stop)
      settle()
    }
    const listener: CrewListener = (message, reason) => {
      if (message === null) finish(() => (isStopping ? resolve(null) : reject(new Error(`linear algebra: a thread broke down: ${reason}`))))
      else if (message.kind === 'progress') onProgress?.({ phase: message.phase, done: message.done })
      else if (message.kind === 'done') finish(() => resolve(message.outcome))
      else if (message.kind === 'refused') finish(() => reject(new RangeError(message.reason)))
      else if (message.kind === 'broken') crew.end(message.reason)
    }
    crew.listen(listener)
    signal?.addEventListener('abort', stop)
  })
}
