import type { Experiment } from '../contracts/experiment.ts'
import type { RunFingerprint } from '../permalink/run-fingerprint.ts'
import { NO_MATCH, type LabState, type Match } from './lab-state.ts'

/**
 * The fingerprint of the run at hand, to put into a link; null before the first epoch. It is that of the last checkpoint,
 * which is the last entry of the history; updates within the next epoch repeat it.
 */
export function runFingerprint({ training: { update, history }, engine }: LabState): RunFingerprint | null {
  const hash = update?.fingerprint ?? null
  const epoch = history?.epoch.at(-1) ?? 0
  return hash === null || epoch === 0 || engine === null ? null : { engine: engine.chosen, epoch, hash }
}

/** The state with `match` brought up to date: does this run repeat the sender's? */
export function withMatch(state: LabState): LabState {
  const match = findMatch(state)
  const same = match.state === state.match.state && match.reason === state.match.reason
  return same ? state : { ...state, match }
}

function findMatch(state: LabState): Match {
  const { sender } = state
  if (sender === null) return NO_MATCH
  const obstacle = whyNotComparable(state)
  if (obstacle !== null) return { state: 'not-comparable', reason: obstacle }
  const own = runFingerprint(state)
  const { epoch, hash } = sender.fingerprint
  if (own === null || own.epoch < epoch) return { state: 'pending', reason: null }
  if (own.epoch === epoch) return judge(own.hash === hash, state)
  return decided(state.match) ? state.match : { state: 'not-comparable', reason: `this run is past epoch ${String(epoch)}; reset and train again` }
}

function decided({ state }: Match): boolean {
  return state === 'match' || state === 'differs'
}

function judge(same: boolean, state: LabState): Match {
  if (same) return { state: 'match', reason: null }
  const exact = state.engine?.options.find((option) => option.choice === state.engine?.chosen)?.bitExact ?? false
  if (exact) return { state: 'differs', reason: null }
  return { state: 'not-comparable', reason: 'this engine rounds differently from machine to machine' }
}

function whyNotComparable({ sender, engine, data, experiment }: LabState): string | null {
  if (sender === null) return null
  if (trainingKey(experiment) !== trainingKey(sender.experiment)) return 'settings of the run were changed'
  if (engine !== null && engine.chosen !== sender.fingerprint.engine) {
    return `the sender computed on ${sender.fingerprint.engine}, this run on ${engine.chosen}`
  }
  if (data !== null && sender.datasetHash !== null && !sameHash(data.hash, sender.datasetHash)) return 'the data differ from the sender\'s'
  return null
}

/** Links may carry the beginning of a hash only. */
function sameHash(full: string, beginning: string): boolean {
  return full.startsWith(beginning)
}

/** Everything that decides the weights after an epoch; how many epochs follow, probes, analyses and view do not. */
function trainingKey({ dataset, network, training, seeds }: Experiment): string {
  return JSON.stringify([dataset, network, { ...training, epochs: 0 }, seeds.initialisation, seeds.shuffle], sortedKeys)
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
