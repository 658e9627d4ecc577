import type { LabClient } from '../../client/lab-client.ts'
import type { ReplicaTask } from '../../client/replica.ts'
import { workerBytes } from '../../client/replica-limits.ts'
import type { ReplicaPlan, ReplicaRunner } from '../../client/replica-runner.ts'
import type { FrameThrottle } from '../../state/frame-throttle.ts'
import type { LabState } from '../../state/lab-state.ts'
import type { LabActions, LabStore } from '../../state/lab-store.ts'
import { numbersPart, replicaSettings, trainingPart } from '../../state/replica-keys.ts'
import { replicasLeft } from '../../state/replica-selectors.ts'
import type { ReplicaNews } from '../../state/replica-state.ts'
import { inputCount } from './shape.ts'

/** The further seeds of the experiment, as the page commands them. Nothing here rejects. */
export interface FurtherSeeds {
  /** Brings every further seed up to the settings; resolves when they are, or when they were stopped. */
  run(task: ReplicaTask): Promise<void>
  pause(): Promise<void>
  /** Back to the initial weights, like the main seed. */
  reset(): Promise<void>
  /** The main experiment is another one, or begins elsewhere: ends all workers and forgets what they found. */
  forget(): Promise<void>
}

interface Parts {
  readonly store: LabStore
  readonly actions: LabActions
  readonly client: Pick<LabClient, 'files'>
  readonly runner: ReplicaRunner
  /** Hands news of further seeds to the store, a frame's together. */
  readonly throttle: FrameThrottle<ReplicaNews>
}

/** Runs further seeds beside the main one and keeps them at its settings. */
export function followFurtherSeeds({ store, actions, client, runner, throttle }: Parts): FurtherSeeds {
  const plan = (state: LabState): ReplicaPlan => {
    const settings = replicaSettings(state)
    return {
      experiment: settings.experiment,
      engine: settings.engine,
      files: client.files(),
      bytesEach: bytesOf(state),
      onStatus: (offset, status) => { throttle.push({ offset, settings, told: { type: 'status', status } }) },
      onEvent: (offset, told) => { throttle.push({ offset, settings, told }) },
      onNotice: actions.addNotice,
    }
  }

  let lastTask: ReplicaTask = 'all'

  const run = async (task: ReplicaTask): Promise<void> => {
    lastTask = task
    throttle.flush()
    const state = store.getState()
    await runner.run(plan(state), replicasLeft(state), task)
    throttle.flush()
  }

  store.subscribe((state, before) => {
    if (state.experiment === before.experiment && state.engine === before.engine && state.data === before.data) return
    const { repeats } = state.experiment.seeds
    if (repeats < before.experiment.seeds.repeats) void runner.release(repeats)
    if (before.replicas.length === 0 || numbersPart(replicaSettings(state)) === numbersPart(replicaSettings(before))) return
    const wereRunning = before.replicas.some(({ status }) => status.state === 'running')
    void runner.release()
    if (wereRunning && mainGoesOn(state, before)) void run(lastTask)
  })

  return {
    run,
    pause: async () => {
      await runner.pause()
      throttle.flush()
    },
    reset: async () => {
      await runner.reset()
      throttle.flush()
      actions.clearReplicas()
    },
    forget: async () => {
      await runner.release()
      throttle.flush()
      actions.clearReplicas()
    },
  }
}

/** A training under way goes on when settings of later stages change, and through a recorded change of its own. */
function mainGoesOn(state: LabState, before: LabState): boolean {
  if (state.stages.training.state !== 'running') return false
  const recorded = state.experiment.training.changes.length > before.experiment.training.changes.length
  return recorded || trainingPart(replicaSettings(state)) === trainingPart(replicaSettings(before))
}

function bytesOf(state: LabState): number {
  const { dataset } = state.experiment
  const stageBytes = state.estimates.reduce((sum, { bytes }) => sum + bytes, 0)
  return workerBytes({ samples: dataset.trainSamples + dataset.testSamples, features: inputCount(state), stageBytes })
}

/** How many times as long as the main seed all seeds together take, running side by side. */
export function roundsOf(repeats: number, onCores = cores()): number {
  return Math.max(1, Math.ceil((repeats - 1) / Math.max(1, onCores - 1)))
}

/** Processor cores; 1 where nobody says. */
export function cores(): number {
  return typeof navigator === 'undefined' ? 1 : navigator.hardwareConcurrency
}
