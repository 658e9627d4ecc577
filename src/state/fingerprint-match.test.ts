import { describe, expect, test } from 'vitest'
import { presets } from '../contracts/presets.ts'
import { decodePermalink } from '../permalink/decode-permalink.ts'
import { openLink, setConnection, setExperiment, setView } from './actions.ts'
import { applyEvent, applyEvents } from './apply-event.ts'
import { engineStatus, history, stage, update } from './events.test-helper.ts'
import { runFingerprint } from './fingerprint-match.ts'
import { initialState, type LabState } from './lab-state.ts'
import { linkOf } from './selectors.ts'

const checkpoint = (epoch: number, fingerprint: string) => update(10 * epoch, { history: history(epoch), fingerprint })
const trained = checkpoint(10, '3fa94b21')
const ready = setConnection(initialState(), 'ready')
const receive = (link: string) => openLink(ready, decodePermalink(link))
const link = 'v=1&preset=mlp50-quick&data=abcdef0123456789&fp=wasm.10-3fa94b21'
const data = (hash: string) => ({ type: 'data' as const, data: { name: 'mnist', hash, trainSamples: 1, testSamples: 1, shape: [28, 28], classes: 10, notes: [] } })
const match = (state: LabState) => state.match.state

describe('a link with a fingerprint', () => {
  test('is pending until the sender\'s epoch, then matches', () => {
    const opened = applyEvents(receive(link), [engineStatus('wasm'), data('abcdef0123456789ffff')])
    expect(match(opened)).toBe('pending')
    const early = applyEvent(opened, checkpoint(5, '00000000'))
    expect(match(early)).toBe('pending')
    const beforeItsCheckpoint = applyEvent(early, update(100, { fingerprint: '00000000' }))
    expect(match(beforeItsCheckpoint)).toBe('pending')
    const done = applyEvent(early, trained)
    expect(match(done)).toBe('match')
    expect(match(applyEvent(done, checkpoint(11, '11111111')))).toBe('match')
    expect(match(applyEvent(done, stage('training', 'idle')))).toBe('pending')
  })

  test('differs when the same exact engine gives other weights', () => {
    expect(match(applyEvents(receive(link), [engineStatus('wasm'), checkpoint(10, 'deadbeef')]))).toBe('differs')
  })

  test.each([
    ['another engine', [engineStatus('reference'), trained], 'the sender computed on wasm, this run on reference'],
    ['other data', [engineStatus('wasm'), data('123'), trained], 'the data differ from the sender\'s'],
    ['a run past the epoch', [engineStatus('wasm'), checkpoint(12, 'aa')], 'this run is past epoch 10; reset and train again'],
  ])('%s cannot be compared', (_, events, reason) => {
    expect(applyEvents(receive(link), events).match).toEqual({ state: 'not-comparable', reason })
  })

  test('on an engine that is not bit-exact a difference says nothing, equality does', () => {
    const opened = applyEvent(receive('fp=webgpu.10-3fa94b21'), engineStatus('webgpu', false))
    expect(match(applyEvent(opened, trained))).toBe('match')
    expect(match(applyEvent(opened, checkpoint(10, 'deadbeef')))).toBe('not-comparable')
  })

  test('changed settings of the run end the comparison, a changed view or analysis does not', () => {
    const done = applyEvents(receive(link), [engineStatus('wasm'), trained])
    expect(match(setView(done, { clip: 0.1 }))).toBe('match')
    expect(match(setExperiment(done, { ...done.experiment, analyses: [] }))).toBe('match')
    const seeds = { ...done.experiment.seeds, shuffle: 8 }
    expect(setExperiment(done, { ...done.experiment, seeds }).match).toEqual({ state: 'not-comparable', reason: 'settings of the run were changed' })
  })
})

test('the link of a trained run carries its fingerprint and opens as a match on the same engine', () => {
  const sender = applyEvents(ready, [engineStatus('wasm'), data('abcdef0123456789ffff'), trained])
  expect(runFingerprint(sender)).toEqual({ engine: 'wasm', epoch: 10, hash: '3fa94b21' })
  const opened = receive(linkOf(sender, '0.1.0'))
  expect(opened.experiment).toEqual(presets[0].experiment)
  expect(match(applyEvents(opened, [engineStatus('wasm'), data('abcdef0123456789ffff'), trained]))).toBe('match')
})

test('without a fingerprint there is nothing to compare', () => {
  expect(match(applyEvents(receive('v=1'), [engineStatus('wasm'), trained]))).toBe('none')
})
