import { layoutOf } from './layout.ts'
import type { LeadMessage, ProblemMessage, ToHelper } from './messages.ts'
import { instantiateKernels } from './module.ts'
import { Problem, Stopped, type Pace } from './problem.ts'
import { perform } from './tasks.ts'
import type { HelperPort } from './thread.ts'

/** Milliseconds between two words about progress. */
const PROGRESS_EVERY = 60

interface Held {
  readonly problem: Problem
  readonly thread: number
}

/** Makes the thread behind a port one of a team. */
export function serve(port: HelperPort): void {
  const held = new Map<number, Held>()
  let work: Promise<void> = Promise.resolve()
  port.listen((message) => {
    work = work
      .then(() => act(port, held, message))
      .catch((error: unknown) => port.post({ kind: 'broken', problem: message.problem, reason: reasonOf(error) }))
  })
  port.post({ kind: 'ready' })
}

async function act(port: HelperPort, held: Map<number, Held>, message: ToHelper): Promise<void> {
  switch (message.kind) {
    case 'open':
      held.set(message.problem, await open(message))
      return
    case 'follow': {
      const { problem, thread } = heldOf(held, message.problem)
      problem.kernels.follow(thread, problem.threads)
      return
    }
    case 'lead':
      return lead(port, message, heldOf(held, message.problem).problem)
    case 'close':
      held.delete(message.problem)
  }
}

async function open({ module, memory, size, vectors, thread, threads }: ProblemMessage): Promise<Held> {
  return { problem: new Problem(memory, await instantiateKernels(module, memory), layoutOf(size, vectors), threads), thread }
}

function heldOf(held: ReadonlyMap<number, Held>, problem: number): Held {
  const found = held.get(problem)
  if (found === undefined) throw new Error(`linear algebra: a thread was asked about problem ${problem}, which it does not hold`)
  return found
}

async function lead(port: HelperPort, { problem: id, task, number }: LeadMessage, problem: Problem): Promise<void> {
  try {
    const outcome = await perform(problem, task, paceOf(port, id, problem, number))
    if (!problem.isAtHand(number)) return
    problem.release()
    port.post({ kind: 'done', problem: id, outcome })
  } catch (error) {
    // Matrices are refused between jobs; after anything else the threads that follow may wait for ever, and have to be ended.
    if (!(error instanceof RangeError)) throw error
    problem.release()
    port.post({ kind: 'refused', problem: id, reason: error.message })
  }
}

function paceOf(port: HelperPort, id: number, problem: Problem, task: number): Pace {
  let told = -Infinity
  return {
    stretch: Infinity,
    onProgress: (phase, done) => {
      const now = performance.now()
      if (now - told < PROGRESS_EVERY) return
      told = now
      port.post({ kind: 'progress', problem: id, phase, done })
    },
    rest: () => (problem.isWanted(task) ? Promise.resolve() : Promise.reject(new Stopped())),
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
