import { describe, expect, it } from 'vitest'
import { findPreset } from '../../contracts/presets.ts'
import type { CostEstimate, Stage, StageStatus } from '../../contracts/session.ts'
import { initialState, type LabState } from '../../state/lab-state.ts'
import { runsByItself } from './auto-run.ts'
import { roundsOf } from './further-seeds.ts'
import { resolveTheme } from './theme.ts'
import { playButton } from './transport.ts'

const estimate = (stage: Stage, seconds: number): CostEstimate => ({ stage, seconds, bytes: 0, products: 0 })

function ready(seconds: number, fields: Partial<LabState> = {}): LabState {
  return { ...initialState(), connection: 'ready', estimates: [estimate('training', seconds), estimate('analyses', 2)], ...fields }
}

function withStage(state: LabState, stage: Stage, status: Partial<StageStatus>): LabState {
  return { ...state, stages: { ...state.stages, [stage]: { ...state.stages[stage], ...status } } }
}

describe('what runs by itself', () => {
  it('the opening preset does, unless the machine is far too slow', () => {
    expect(runsByItself(ready(40))).toBe(true)
    expect(runsByItself(ready(500))).toBe(false)
  })

  it('other experiments do when they are small', () => {
    const experiment = findPreset('mlp50-paper')?.experiment
    if (experiment === undefined) throw new Error('no such preset')
    expect(runsByItself(ready(5, { experiment }))).toBe(true)
    expect(runsByItself(ready(40, { experiment }))).toBe(false)
  })

  it('nothing does after a restore, or without an estimate', () => {
    expect(runsByItself(withStage(ready(5), 'training', { state: 'done', restored: true }))).toBe(false)
    expect(runsByItself(ready(5, { estimates: [] }))).toBe(false)
  })
})

describe('the round button', () => {
  it('says what it would run and for how long', () => {
    expect(playButton(ready(3)).label).toBe('Train 10 epochs, measure, analyse, about 5 s')
  })

  it('pauses a training, stops an analysis', () => {
    const training = withStage(ready(3, { busy: true }), 'training', { state: 'running' })
    const analysing = withStage(ready(3, { busy: true }), 'analyses', { state: 'running' })
    expect([playButton(training).action, playButton(analysing).action]).toEqual(['pause', 'stop'])
  })

  it('takes a press while data and network are being prepared, and stops a check', () => {
    const progress = { what: 'x', step: 0, of: 1, secondsLeft: null }
    expect(playButton(ready(3, { busy: true })).action).toBe('run')
    expect(playButton(ready(3, { busy: true, progress: { ...progress, stage: 'data' } })).action).toBe('run')
    const analysing = ready(3, { busy: true, progress: { ...progress, stage: 'analyses' } })
    expect(playButton(withStage(analysing, 'analyses', { state: 'done' }))).toEqual({ action: 'stop', label: 'Stop the check' })
    expect(playButton(analysing).action).toBe('run')
  })

  it('goes on after a pause', () => {
    expect(playButton(withStage(ready(3), 'training', { state: 'paused' })).label).toMatch(/^Go on training to epoch 10, measure/)
  })

  it('asks for no measurement that no analysis needs', () => {
    const { experiment } = initialState()
    const spectrumOnly = { ...experiment, analyses: experiment.analyses.filter(({ kind }) => kind !== 'principalComponents') }
    const analysed = (['training', 'analyses'] as const).reduce((state, stage) => withStage(state, stage, { state: 'done' }), ready(3, { experiment: spectrumOnly }))
    expect(playButton(analysed).action).toBe('nothing')
  })

  it('does nothing when all is computed, or before the lab is there', () => {
    const stages: Stage[] = ['training', 'measurement', 'analyses']
    const all = stages.reduce((state, stage) => withStage(state, stage, { state: 'done' }), ready(3))
    expect(playButton(all).action).toBe('nothing')
    expect(playButton(ready(3, { connection: 'starting' })).action).toBe('nothing')
  })
})

describe('several seeds', () => {
  const seeds = (repeats: number): LabState => {
    const { experiment } = initialState()
    const state = initialState({ ...experiment, seeds: { ...experiment.seeds, repeats } })
    return { ...state, connection: 'ready', estimates: [estimate('training', 3), estimate('analyses', 2)] }
  }
  const finished = (state: LabState): LabState => (['training', 'measurement', 'analyses'] as const).reduce((s, stage) => withStage(s, stage, { state: 'done' }), state)
  const replicas = (state: LabState, names: readonly StageStatus['state'][]): LabState => ({
    ...state,
    replicas: state.replicas.map((replica, i) => ({ ...replica, status: { ...replica.status, state: names[i] } })),
  })

  it('run in rounds of one less than the cores', () => {
    expect([[1, 4], [4, 4], [5, 4], [16, 4], [5, 1]].map(([repeats, cores]) => roundsOf(repeats, cores))).toEqual([1, 1, 2, 5, 4])
  })

  it('are said beside what runs', () => {
    expect(playButton(seeds(3)).label).toMatch(/^Train 10 epochs, measure, analyse, for 3 seeds, about /)
  })

  it('are what is left when the main one is done', () => {
    expect(playButton(replicas(finished(seeds(3)), ['done', 'stale']))).toEqual({ action: 'run', label: 'Run 1 further seed' })
    expect(playButton(replicas(finished(seeds(3)), ['done', 'done'])).action).toBe('nothing')
  })

  it('can be stopped while they run on', () => {
    expect(playButton(replicas(finished(seeds(3)), ['running', 'idle']))).toEqual({ action: 'stop', label: 'Stop the further seeds' })
  })
})

it('the theme follows the system unless one was chosen', () => {
  expect([resolveTheme('system', true), resolveTheme('system', false), resolveTheme('light', true)]).toEqual(['dark', 'light', 'light'])
})
