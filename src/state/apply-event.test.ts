import { describe, expect, test } from 'vitest'
import { presets } from '../contracts/presets.ts'
import type { LabResult } from '../contracts/results.ts'
import type { LabEvent } from '../contracts/session.ts'
import { densityFixture, wholeSpectrumFixture } from '../figures/spectral-fixtures.ts'
import { setConnection, setView } from './actions.ts'
import { applyEvent, applyEvents } from './apply-event.ts'
import { engineStatus, history, overlap, spectrum, stage, update } from './events.test-helper.ts'
import { formatState } from './format-state.ts'
import { initialState, MAX_NOTICES, type LabState } from './lab-state.ts'
import { isStale, overlapLayers, overlapShown, spectrumShown } from './selectors.ts'
import { statusSentence } from './status-sentence.ts'

const ready = setConnection(initialState(), 'ready')
const after = (...events: readonly LabEvent[]): LabState => applyEvents(ready, events)
const result = (value: ReturnType<typeof spectrum> | ReturnType<typeof overlap>): LabEvent => ({ type: 'result', result: value })

describe('a whole run', () => {
  const events: readonly LabEvent[] = [
    engineStatus('wasm'),
    stage('data', 'done'),
    stage('network', 'done'),
    stage('training', 'running'),
    update(5, { batches: { firstStep: 0, losses: Float32Array.of(5, 4, 3, 2, 1) } }),
    update(10, { history: history(1), fingerprint: '3fa94b21' }),
    { type: 'checkpoints', epochs: [0, 1] },
    stage('training', 'done'),
    stage('analyses', 'running'),
    { type: 'progress', progress: { stage: 'analyses', what: 'Hessian of 2.kernel: product 12 of 160', step: 12, of: 160, secondsLeft: 8 } },
    { type: 'spectrumProgress', spectrum: { analysis: 1, products: 12, ofProducts: 160, ritzValues: Float64Array.of(3), residuals: Float64Array.of(0.1) } },
    result(spectrum(1, [12.34, 5])),
    result(overlap('singularHessian', 2, 1)),
    stage('analyses', 'done'),
    { type: 'idle' },
  ]

  test('reads as a table', () => {
    expect(formatState(after(...events))).toMatchInlineSnapshot(`
      "experiment   mlp50-quick, seeds 7/7/7
      connection   ready
      engine       wasm
      stages       data done, network done, training done, measurement idle, analyses done
      progress     none
      training     epoch 1.00, 2 in history, 5 loss points
      checkpoints  0 1
      results      spectrum 1 (2), singularHessian/2 (1/3)
      match        none
      notices      none"
    `)
  })

  test('is told in sentences', () => {
    const sentences = events.map((_, i) => statusSentence(after(...events.slice(0, i + 1))))
    expect([...new Set(sentences)]).toEqual([
      'Nothing has run.',
      'Ready to train.',
      'Working.',
      'Training: epoch 0 of 10.',
      'Training: epoch 1 of 10.',
      'Hessian of 2.kernel: product 12 of 160, 7 percent, about 8 seconds left.',
      'Trained 1 epoch; test accuracy 55.0 percent. Largest Hessian eigenvalue 12.3 of layer 2 kernel; 2 of 2 eigenpairs converged.',
    ])
  })
})

describe('training', () => {
  const trained = after(update(10, { history: history(1), batches: { firstStep: 0, losses: new Float32Array(10) } }), update(20, { history: history(2) }))

  test('updates without a history keep the one there is', () => {
    expect(applyEvent(trained, update(25)).training.history).toEqual(history(2))
  })

  test('going back shortens history and losses', () => {
    const back = applyEvent(trained, update(5))
    expect(back.training.history).toEqual(history(0))
    expect(back.training.losses.length).toBe(5)
  })

  test('a reset clears the curves', () => {
    const cleared = { history: null, losses: { length: 0 } }
    expect(applyEvent(trained, stage('training', 'idle')).training).toMatchObject({ update: null, ...cleared })
    expect(applyEvent(trained, update(0, { history: history(-1) })).training).toMatchObject({ update: { step: 0 }, ...cleared })
  })
})

describe('results', () => {
  test('a newer result of the same name replaces the older, others stay', () => {
    const state = after(result(spectrum(1, [3])), result(spectrum(2, [9])), result(spectrum(1, [4])), result(overlap('singularHessian', 2)), result(overlap('singularHessian', 3)))
    expect(state.results.spectra[1].eigenvalues[0]).toBe(4)
    expect(state.results.spectra[2].eigenvalues[0]).toBe(9)
    expect(overlapLayers(state, 'singularHessian')).toEqual([2, 3])
  })

  test('stale results stay, marked, until their successor comes', () => {
    const [one, two] = [spectrum(0, [3]), spectrum(1, [4])]
    const state = after(result(one), result(two), result(overlap('singularPca', 2)), { type: 'stale', results: ['spectrum'] })
    expect([isStale(state, one), isStale(state, two), isStale(state, overlap('singularPca', 2))]).toEqual([true, true, false])
    const renewed = applyEvent(state, result(spectrum(1, [5])))
    expect([isStale(renewed, one), isStale(renewed, two)]).toEqual([true, false])
  })

  test('Ritz values go when the result is there', () => {
    const progress = { analysis: 1, products: 1, ofProducts: 9, ritzValues: new Float64Array(1), residuals: new Float64Array(1) }
    const running = after({ type: 'spectrumProgress', spectrum: progress })
    expect(running.spectrumProgress[1]).toBe(progress)
    expect(applyEvent(running, result(spectrum(1, [3]))).spectrumProgress).toEqual({})
  })

  test('the overlap shown is that of the kernel asked for, else of the first', () => {
    const state = after(result(overlap('singularHessian', 3)), result(overlap('singularHessian', 2)), result(overlap('hessianWeights', null)))
    expect(overlapShown(state, 'singularHessian')?.layer).toBe(2)
    expect(overlapShown(setView(state, { kernel: 3 }), 'singularHessian')?.layer).toBe(3)
    expect(overlapShown(setView(state, { kernel: 9 }), 'singularHessian')?.layer).toBe(2)
    expect(overlapShown(setView(state, { kernel: 3 }), 'hessianWeights')?.layer).toBeNull()
    expect(overlapShown(state, 'singularPca')).toBeNull()
  })

  test('the spectrum shown is the first analysis that has one', () => {
    expect(spectrumShown(after(result(spectrum(2, [1])), result(spectrum(1, [2]))))?.analysis).toBe(1)
  })
})

test('the session decides about data and settings of a running training, and leaves view and the rest to the user', () => {
  const own = setView(ready, { clip: 0.02 })
  const changes = [{ step: 40, learningRate: 0.1 }]
  const told = { ...presets[0].experiment, dataset: { ...presets[0].experiment.dataset, name: 'own' as const, trainSamples: 90, testSamples: 10 }, training: { ...presets[0].experiment.training, weightDecay: 0.1, changes } }
  const { experiment } = applyEvent(own, { type: 'experiment', experiment: told })
  expect(experiment).toEqual({ ...told, view: own.experiment.view })
})

test('downloads are kept by the name of their data set, the newest state of each', () => {
  const download = (name: 'mnist' | 'cifar10', storedBytes: number) => ({ name, state: 'running' as const, storedBytes, totalBytes: 100, secondsLeft: null })
  const state = after(...[download('cifar10', 10), download('mnist', 5), download('cifar10', 20)].map((one) => ({ type: 'download' as const, download: one })))
  expect(state.downloads).toEqual({ cifar10: download('cifar10', 20), mnist: download('mnist', 5) })
})

test('notices are numbered, bounded, and one that repeats the last is not listed twice', () => {
  const notice = (i: number): LabEvent => ({ type: 'notice', notice: { level: 'info', message: `notice ${String(i)}`, remedy: null } })
  const { notices } = after(...Array.from({ length: 40 }, (_, i) => notice(i)), notice(39))
  expect(notices).toHaveLength(MAX_NOTICES)
  expect(notices.at(-1)).toMatchObject({ id: 39, message: 'notice 39', source: 'lab' })
})

test('a failed stage is told with its remedy', () => {
  const error = { code: 'network-unreachable' as const, message: 'mnist/index.json did not load', remedy: 'Check the connection and open again.' }
  const failed: LabEvent = { type: 'stage', stage: 'data', status: { state: 'failed', seconds: null, restored: false, error } }
  expect(statusSentence(after(failed))).toBe('Data failed: mnist/index.json did not load. Check the connection and open again.')
})

test('a whole spectrum and a density are told where no eigenpairs were asked for', () => {
  const told = (...results: readonly LabResult[]): string => statusSentence(after(...results.map((value) => ({ type: 'result' as const, result: value }))))
  const density = densityFixture()
  expect(told(density)).toBe(`Spectral density of layer 2 kernel from ${String(density.probesDone)} probes.`)
  expect(told(density, wholeSpectrumFixture())).toBe('All 400 eigenvalues of layer 2 kernel; the largest 9.00, 20 negative beyond rounding.')
})

test('a stopped analysis is told as such, not as a pause in an epoch', () => {
  const stopped: LabEvent = { type: 'stage', stage: 'analyses', status: { state: 'paused', seconds: 1, restored: false, error: null } }
  expect(statusSentence(after(stopped))).toBe('Analyses stopped; what is finished stays.')
})
