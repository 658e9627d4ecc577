import type { LabErrorData } from '../../src/contracts/errors.ts'
import type { LabEvent, Stage, StageState, StageStatus } from '../../src/contracts/session.ts'
import { asLabError } from './errors.ts'

/** Announces the state of the stages. */
export class Stages {
  private readonly states = new Map<Stage, StageState>()

  constructor(
    private readonly emit: (event: LabEvent) => void,
    private readonly now: () => number,
  ) {}

  state(stage: Stage): StageState {
    return this.states.get(stage) ?? 'idle'
  }

  set(stage: Stage, state: StageState, details: Partial<Omit<StageStatus, 'state'>> = {}): void {
    this.states.set(stage, state)
    const status: StageStatus = { state, seconds: details.seconds ?? null, restored: details.restored ?? false, error: details.error ?? null }
    this.emit({ type: 'stage', stage, status })
  }

  /** Announces why a stage cannot be done. */
  fail(stage: Stage, thrown: unknown): void {
    const { code, message, remedy } = asLabError(thrown)
    const error: LabErrorData = { code, message, remedy }
    this.set(stage, 'failed', { error })
  }

  /**
   * Runs the work of a stage between `running` and what it ended as. A failure is announced with its remedy and thrown
   * on as a `LabError`; what was cancelled is idle again.
   */
  async run<T>(stage: Stage, work: () => Promise<T>, ended: (result: T) => StageState = () => 'done'): Promise<T> {
    const start = this.now()
    this.set(stage, 'running')
    try {
      const result = await work()
      this.set(stage, ended(result), { seconds: (this.now() - start) / 1000 })
      return result
    } catch (thrown) {
      const error = asLabError(thrown)
      if (error.code === 'cancelled') this.set(stage, 'idle')
      else this.fail(stage, error)
      throw error
    }
  }
}
