import { expose } from 'comlink'
import { expect, onTestFinished, test } from 'vitest'
import type { Experiment } from '../contracts/experiment.ts'
import type { LabEvent } from '../contracts/session.ts'
import { miniExperiment, testLab } from '../../workers/session/test-lab.ts'
import { channelPort } from './fake-session.test-helper.ts'
import { createReplicaRunner } from './replica-runner.ts'

/** Numbers of a run: what is not a number, or differs from run to run, such as seconds, is left out. */
function bitsOf(events: readonly LabEvent[]) {
  const results = events.flatMap((event) => (event.type === 'result' ? [event.result] : []))
  const training = events.flatMap((event) => (event.type === 'training' ? [event.update] : []))
  const last = <T>(values: readonly T[]): T | undefined => values.at(-1)
  const spectrum = last(results.filter((result) => result.kind === 'spectrum'))
  const components = last(results.filter((result) => result.kind === 'principalComponents'))
  return {
    fingerprint: last(training)?.fingerprint,
    losses: last(training.flatMap(({ history }) => (history === null ? [] : [history])))?.trainLoss,
    eigenvalues: spectrum?.eigenvalues,
    residuals: spectrum?.residuals,
    theta: components?.theta,
    overlaps: results.flatMap((result) => (result.kind === 'overlap' && result.rowsDone === result.rows ? [result.values] : [])),
  }
}

async function byItself(experiment: Experiment) {
  const lab = await testLab()
  await lab.open(experiment)
  await lab.session.runAll()
  onTestFinished(() => lab.session.dispose())
  return bitsOf(lab.events)
}

test('a further seed gives the same bits as the experiment of that seed by itself', async () => {
  const experiment = miniExperiment({ seeds: { initialisation: 7, shuffle: 3, probes: 5, repeats: 3 } })
  const runner = createReplicaRunner({ dataUrl: 'data/', cores: 3 }, () =>
    channelPort((end) => {
      void testLab().then(({ session }) => { expose(session, end) })
    }),
  )
  const events: Record<number, LabEvent[]> = { 1: [], 2: [] }
  const states: string[] = []
  await runner.run(
    {
      experiment,
      engine: 'wasm',
      files: { data: null, weights: null },
      bytesEach: 1e6,
      onEvent: (offset, event) => events[offset].push(event),
      onStatus: (offset, { state }) => states.push(`${String(offset)} ${state}`),
      onNotice: () => undefined,
    },
    [1, 2],
    'all',
  )
  expect(states.slice(2).sort()).toEqual(['1 done', '2 done'])
  const alone = await byItself({ ...experiment, seeds: { initialisation: 8, shuffle: 4, probes: 6, repeats: 1 } })
  expect(alone.overlaps.length).toBeGreaterThan(0)
  expect(bitsOf(events[1])).toEqual(alone)
  expect(bitsOf(events[2]).fingerprint).not.toBe(alone.fingerprint)
})
