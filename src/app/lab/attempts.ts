import { isLabErrorData, LabError } from '../../contracts/errors.ts'
import type { Lab } from './lab.ts'

/** Does some work; its failure becomes a notice, and nothing rejects. What was cancelled on purpose is not told. */
export type Attempt = (work: () => Promise<void>) => Promise<void>

export function attempts({ actions }: Pick<Lab, 'actions'>): Attempt {
  return async (work) => {
    try {
      await work()
    } catch (error) {
      if (isLabErrorData(error) && error.code === 'cancelled') return
      const message = error instanceof Error ? error.message : String(error)
      actions.addNotice({ level: 'error', message, remedy: error instanceof LabError ? error.remedy : null })
    }
  }
}
