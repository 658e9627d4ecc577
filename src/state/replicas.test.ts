import { describe, expect, test } from 'vitest'
import type { Experiment } from '../contracts/experiment.ts'
import { presets } from '../contracts/presets.ts'
import type { LabResult } from '../contracts/results.ts'
import type { LabEvent, StageState } from '../contracts/session.ts'
import { clearReplicas, openExperiment, receiveReplicas, setConnection, setExperiment, setView } from './actions.ts'
import { applyEvents } from './apply-event.ts'
import { engineStatus, history, overlap, spectrum, stage, update } from './events.test-helper.ts'
import { initialState, type LabState } from './lab-state.ts'
import { replicaSettings } from './replica-keys.ts'
import { statusSentence } from './status-sentence.ts'
import { otherHistories, otherResults, replicaCount, replicaFailures, replicasAtWork, replicasLeft, seedsWith } from './replica-selectors.ts'
import type { ReplicaNews, ReplicaSettings } from './replica-state.ts'

const [{ experiment: quick }] = presets
const experiment: Experiment = { ...quick, seeds: { initialisation: 7, shuffle: 7, probes: 7, repeats: 3 } }
const opened = applyEvents(initialState(experiment), [engineStatus('wasm'), stage('training', 'done')])

const status = (state: StageState, message?: string): ReplicaNews['told'] => {
  const error = message === undefined ? null : { code: 'diverged' as const, message, remedy: 'Lower η.' }
  return { type: 'status', status: { state, seconds: null, restored: false, error } }
}
const result = (value: LabResult): LabEvent => ({ type: 'result', result: value })

/** The state after further seeds told something, under the settings of that time or those given. */
function heard(state: LabState, offset: number, told: readonly ReplicaNews['told'][], settings: ReplicaSettings = replicaSettings(state)): LabState {
  return receiveReplicas(state, told.map((one) => ({ offset, settings, told: one })))
}

const states = (state: LabState) => state.replicas.map((replica) => replica.status.state)
const changed = (state: LabState, training: Partial<Experiment['training']>) => setExperiment(state, { ...state.experiment, training: { ...state.experiment.training, ...training } })

/** Both seeds have trained ten epochs and have a spectrum; so has the main one. */
const main = spectrum(1, [3])
const whole = [1, 2].reduce(
  (state, offset) => heard(state, offset, [status('running'), told(10), result(spectrum(1, [3 + offset])), status('done')]),
  applyEvents(opened, [update(100, { history: history(10) }), result(main)]),
)

function told(epoch: number): LabEvent {
  return update(10 * epoch, { history: history(epoch) })
}

describe('further seeds', () => {
  test('there are repeats − 1, which follow the setting', () => {
    expect(initialState(quick).replicas).toEqual([])
    expect(opened.replicas.map(({ offset }) => offset)).toEqual([1, 2])
    const more = setExperiment(whole, { ...experiment, seeds: { ...experiment.seeds, repeats: 4 } })
    expect(states(more)).toEqual(['done', 'done', 'idle'])
    expect(states(setExperiment(more, { ...experiment, seeds: { ...experiment.seeds, repeats: 2 } }))).toEqual(['done'])
  })

  test('say what they do, by their seed, while they run', () => {
    const running = heard(opened, 1, [status('running'), update(40)])
    expect(replicasAtWork(running)).toEqual(['seed 8: epoch 4 of 10'])
    const analysing = heard(running, 1, [{ type: 'progress', progress: { stage: 'analyses', what: 'Hessian of 2.kernel: product 3 of 90', step: 3, of: 90, secondsLeft: null } }])
    expect(replicasAtWork(analysing)).toEqual(['seed 8: Hessian of 2.kernel: product 3 of 90'])
    expect(replicasAtWork(heard(analysing, 1, [status('paused')]))).toEqual([])
  })

  test('change nothing by updates within an epoch', () => {
    const running = heard(opened, 1, [status('running'), told(3), update(32)])
    expect(heard(running, 1, [update(35)])).toBe(running)
  })

  test('are counted, and those not done are left to a run', () => {
    const one = heard(opened, 2, [status('running'), status('done')])
    expect(replicaCount(one)).toEqual({ all: 2, done: 1, running: 0 })
    expect(replicasLeft(one)).toEqual([1])
    expect(statusSentence(setConnection(heard(one, 1, [status('running')]), 'ready'))).toBe('1 of 2 further seeds done.')
  })

  test('join the curves and results of the main seed', () => {
    expect(otherHistories(whole)).toEqual([history(10), history(10)])
    expect(otherResults(whole, main).map(({ eigenvalues }) => eigenvalues[0])).toEqual([4, 5])
    expect(seedsWith(whole, main)).toEqual([8, 9])
  })

  test('that failed are told with the reason, and their numbers join nothing', () => {
    const failed = heard(whole, 2, [status('running'), status('failed', 'the loss is not finite')])
    expect(replicaFailures(failed)).toEqual([{ seed: 9, error: { code: 'diverged', message: 'the loss is not finite', remedy: 'Lower η.' } }])
    expect(otherResults(failed, main)).toHaveLength(1)
    expect(otherHistories(failed)).toHaveLength(1)
  })

  test('a result of another epoch does not join', () => {
    const other = { ...spectrum(1, [9]), provenance: { ...main.provenance, epoch: 5 } }
    expect(seedsWith(heard(whole, 1, [result(other)]), main)).toEqual([9])
  })

  test('what is not told of the further seeds leaves the state as it is', () => {
    expect(receiveReplicas(whole, [])).toBe(whole)
    expect(heard(whole, 9, [status('running')])).toBe(whole)
  })

  test('another experiment starts without them, a reset leaves nothing of them', () => {
    expect(openExperiment(whole, quick).replicas).toEqual([])
    expect(clearReplicas(whole).replicas).toEqual(opened.replicas)
  })
})

describe('settings change', () => {
  const faster = changed(whole, { learningRate: 0.5 })

  test('and what was computed is marked; with the old settings it is as before', () => {
    expect(states(faster)).toEqual(['stale', 'stale'])
    expect(faster.replicas.map(({ stale, staleHistory }) => [[...stale], staleHistory])).toEqual([[['spectrum/1'], true], [['spectrum/1'], true]])
    expect(changed(faster, { learningRate: experiment.training.learningRate }).replicas.map((r) => [r.status, r.stale, r.staleHistory])).toEqual(
      whole.replicas.map((r) => [r.status, r.stale, r.staleHistory]),
    )
  })

  test('the old numbers stay beside the old ones of the main seed, not beside new ones', () => {
    expect(otherResults(faster, main)).toEqual([])
    const staleMain = applyEvents(faster, [stage('training', 'stale'), { type: 'stale', results: ['spectrum'] }])
    expect(otherResults(staleMain, main)).toHaveLength(2)
    expect(otherHistories(staleMain)).toHaveLength(2)
  })

  test('a new result of the main seed takes the place of all earlier ones under that name', () => {
    const renewed = applyEvents(faster, [stage('training', 'running'), told(1), result(spectrum(1, [8]))])
    expect(renewed.replicas.map(({ results, history: curve }) => [results.spectra, curve])).toEqual([[{}, null], [{}, null]])
  })

  test('seeds that run are given up', () => {
    const running = heard(opened, 1, [status('running'), update(40)])
    const given = changed(running, { batchSize: 64 })
    expect(given.replicas[0]).toMatchObject({ status: { state: 'idle' }, doing: null })
  })

  test('what a given-up seed still told under the old settings counts as of those', () => {
    const late = heard(faster, 1, [result(spectrum(2, [1]))], replicaSettings(whole))
    expect([...late.replicas[0].stale]).toEqual(['spectrum/1', 'spectrum/2'])
  })

  test('more epochs leave the curves and ask for a run; a cosine is stretched by them', () => {
    const longer = changed(whole, { epochs: 20 })
    expect(longer.replicas.map((replica) => [replica.status.state, replica.staleHistory])).toEqual([['stale', false], ['stale', false]])
    const cosine = { ...experiment, training: { ...experiment.training, schedule: { kind: 'cosine' as const, floor: 0 } } }
    const trained = heard(setExperiment(opened, cosine), 1, [status('running'), told(10), status('done')])
    expect(changed(trained, { epochs: 20 }).replicas[0].staleHistory).toBe(true)
  })

  test('another engine makes them stale, the graphics device leaves them on the CPU', () => {
    expect(states(applyEvents(whole, [engineStatus('webgpu')]))).toEqual(['done', 'done'])
    expect(states(applyEvents(whole, [engineStatus('wasm-relaxed')]))).toEqual(['stale', 'stale'])
  })

  test('another checkpoint or kernel asks for a run, and marks no number', () => {
    const elsewhere = setView(whole, { kernel: 3 })
    expect(states(elsewhere)).toEqual(['stale', 'stale'])
    expect(otherResults(elsewhere, main)).toHaveLength(2)
    expect(states(setView(elsewhere, { kernel: experiment.view.kernel }))).toEqual(['done', 'done'])
    expect(setView(whole, { focus: 'drift' }).replicas).toBe(whole.replicas)
  })

  test('results that the session of a seed calls stale are', () => {
    const state = heard(whole, 1, [result(overlap('singularHessian', 2)), { type: 'stale', results: ['overlap'] }])
    expect([...state.replicas[0].stale]).toEqual(['overlap/singularHessian/2'])
  })
})

test('a run that went back or began anew has shorter curves', () => {
  expect(heard(whole, 1, [update(50)]).replicas[0].history).toEqual(history(5))
  expect(heard(whole, 1, [stage('training', 'idle')]).replicas[0].history).toBeNull()
})
