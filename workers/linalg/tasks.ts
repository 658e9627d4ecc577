import { decompose, type Decomposition } from './decompose.ts'
import { addSamples, scatterProducts, type SamplesTask, type ScatterTask } from './kronecker-task.ts'
import { Stopped, type Pace, type Problem } from './problem.ts'

/** What threads can do with the memory of a problem. */
export type Task = { readonly kind: 'eigen' } | SamplesTask | ScatterTask

/** Of 'eigen': null when it was stopped. The others have nothing to tell. */
export type Outcome = Decomposition | null

/** Does a task in the thread that leads. Throws RangeError for matrices that are refused. */
export async function perform(problem: Problem, task: Task, pace: Pace): Promise<Outcome> {
  try {
    switch (task.kind) {
      case 'eigen':
        return await decompose(problem, pace)
      case 'samples':
        await addSamples(problem, task, pace)
        return null
      case 'scatter':
        await scatterProducts(problem, task, pace)
        return null
    }
  } catch (error) {
    if (error instanceof Stopped) return null
    throw error
  }
}
