import type { EpochHistory, LabResult } from '../contracts/results.ts'
import type { LabErrorData } from '../contracts/errors.ts'
import { NO_RESULTS, type LabResults } from './lab-results.ts'
import type { LabState } from './lab-state.ts'
import type { ReplicaState } from './replica-state.ts'
import { allResults, resultKey, withResult } from './result-key.ts'

const SEEDS = 2 ** 32

/** The seed of the initial weights of a further seed: what people call it by. */
export function seedOf({ experiment }: Pick<LabState, 'experiment'>, offset: number): number {
  return (experiment.seeds.initialisation + offset) % SEEDS
}

/** Training curves of the further seeds that belong to those of the main one; runs that failed are left out. */
export function otherHistories({ replicas, stages }: Pick<LabState, 'replicas' | 'stages'>): readonly EpochHistory[] {
  const stale = stages.training.state === 'stale'
  return replicas.flatMap(({ history, staleHistory, status }) => (history !== null && staleHistory === stale && status.state !== 'failed' ? [history] : []))
}

/** What the further seeds have under the name of a result, of the same settings and epoch; runs that failed are left out. */
export function otherResults<R extends LabResult>(state: Pick<LabState, 'replicas' | 'stale'>, result: R): readonly R[] {
  return replicasWith(state, result).map(({ found }) => found)
}

/** Seeds of {@link otherResults}, in the same order. */
export function seedsWith(state: Pick<LabState, 'replicas' | 'stale' | 'experiment'>, result: LabResult): readonly number[] {
  return replicasWith(state, result).map(({ replica }) => seedOf(state, replica.offset))
}

/** Of every further seed what joins the results of the main one; seeds of which nothing does are left out. */
export function joinedResults(state: Pick<LabState, 'replicas' | 'stale' | 'results'>): readonly LabResults[] {
  const pairs = allResults(state.results).flatMap((result) => replicasWith(state, result))
  return state.replicas.flatMap((replica) => {
    const own = pairs.filter((pair) => pair.replica === replica)
    return own.length === 0 ? [] : [own.reduce((results: LabResults, { found }) => withResult(results, found), NO_RESULTS)]
  })
}

function replicasWith<R extends LabResult>({ replicas, stale }: Pick<LabState, 'replicas' | 'stale'>, result: R): readonly { readonly replica: ReplicaState; readonly found: R }[] {
  const key = resultKey(result)
  const main = stale.has(key)
  const fits = (candidate: LabResult): candidate is R => resultKey(candidate) === key && candidate.provenance.epoch === result.provenance.epoch
  return replicas.flatMap((replica) => {
    const found = allResults(replica.results).find(fits)
    return found === undefined || replica.stale.has(key) !== main || replica.status.state === 'failed' ? [] : [{ replica, found }]
  })
}

/** How far the further seeds are. */
export interface ReplicaCount {
  readonly all: number
  readonly done: number
  readonly running: number
}

export function replicaCount({ replicas }: Pick<LabState, 'replicas'>): ReplicaCount {
  const count = (state: ReplicaState['status']['state']): number => replicas.filter(({ status }) => status.state === state).length
  return { all: replicas.length, done: count('done'), running: count('running') }
}

/** Offsets of the seeds that a run still has to bring up to the settings. */
export function replicasLeft({ replicas }: Pick<LabState, 'replicas'>): readonly number[] {
  return replicas.filter(({ status }) => status.state !== 'done').map(({ offset }) => offset)
}

/** What the seeds under way do: "seed 8: epoch 4 of 10". */
export function replicasAtWork(state: Pick<LabState, 'replicas' | 'experiment'>): readonly string[] {
  return state.replicas.flatMap(({ offset, status, doing }) => (status.state === 'running' ? [`seed ${String(seedOf(state, offset))}: ${doing ?? 'opening'}`] : []))
}

/** Why seeds failed. */
export function replicaFailures(state: Pick<LabState, 'replicas' | 'experiment'>): readonly { readonly seed: number; readonly error: LabErrorData }[] {
  return state.replicas.flatMap(({ offset, status }) => (status.error === null ? [] : [{ seed: seedOf(state, offset), error: status.error }]))
}
