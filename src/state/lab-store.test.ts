import { describe, expect, test } from 'vitest'
import { denseLayers } from '../contracts/layers.ts'
import { presets } from '../contracts/presets.ts'
import { decodePermalink } from '../permalink/decode-permalink.ts'
import { engineStatus, overlap, spectrum, update } from './events.test-helper.ts'
import { createLabStore, labActions } from './lab-store.ts'
import { changedFromPreset } from './selectors.ts'

function setUp() {
  const store = createLabStore()
  return { store, lab: labActions(store), state: store.getState, view: () => store.getState().experiment.view }
}

describe('the store', () => {
  test('takes in several events as one change', () => {
    const { store, lab, state } = setUp()
    let changes = 0
    store.subscribe(() => changes++)
    lab.receive([engineStatus('wasm'), update(1), update(2)])
    expect(changes).toBe(1)
    expect(state().training.update?.step).toBe(2)
  })

  test('opening another experiment drops results and keeps engine, theme and notices', () => {
    const { lab, state } = setUp()
    lab.setTheme('dark')
    lab.addNotice({ level: 'info', message: 'kept', remedy: null })
    lab.receive([engineStatus('wasm'), update(1), { type: 'result', result: spectrum(1, [1]) }])
    lab.openExperiment(presets[1].experiment)
    expect(state()).toMatchObject({ theme: 'dark', engine: { chosen: 'wasm' }, training: { update: null }, results: { spectra: {} }, notices: [{ message: 'kept' }] })
    expect(state().experiment).toBe(presets[1].experiment)
  })

  test('a link brings its engine and its notices', () => {
    const { lab, state } = setUp()
    lab.openLink(decodePermalink('v=1&engine=reference&epochs=99999'))
    expect(state()).toMatchObject({ engineChoice: 'reference', experiment: { training: { epochs: 5000 } }, notices: [{ source: 'link', level: 'warning' }] })
    lab.dismissNotice(state().notices[0].id)
    expect(state().notices).toEqual([])
  })

  test('results of a removed analysis go, others stay', () => {
    const { lab, state } = setUp()
    lab.receive([{ type: 'result', result: spectrum(1, [1]) }, { type: 'result', result: overlap('singularHessian', 2) }, { type: 'result', result: overlap('singularPca', 2) }, { type: 'stale', results: ['spectrum'] }])
    lab.setExperiment({ ...state().experiment, training: { ...state().experiment.training, epochs: 3 } })
    expect(Object.keys(state().results.spectra)).toEqual(['1'])
    lab.setExperiment({ ...state().experiment, analyses: [state().experiment.analyses[2]] })
    expect(state().results.spectra).toEqual({})
    expect(state().stale.size).toBe(0)
    expect(Object.keys(state().results.overlaps)).toEqual(['singularPca/2'])
  })

  test('says which sections differ from the preset', () => {
    const { lab, state } = setUp()
    expect(changedFromPreset(state())).toEqual([])
    lab.setExperiment(structuredClone(state().experiment))
    expect(changedFromPreset(state())).toEqual([])
    lab.setView({ logLoss: true })
    lab.setExperiment({ ...state().experiment, network: { ...state().experiment.network, layers: denseLayers(50) } })
    expect(changedFromPreset(state())).toEqual(['network', 'view'])
  })

  test('work is over when the worker is lost', () => {
    const { lab, state } = setUp()
    lab.setConnection('ready')
    lab.receive([{ type: 'progress', progress: { stage: 'training', what: 'Training', step: 1, of: 2, secondsLeft: null } }])
    expect(state().busy).toBe(true)
    lab.setConnection('restarting')
    expect(state()).toMatchObject({ busy: false, progress: null })
  })
})

describe('panels', () => {
  const ids = (view: { panels: readonly { id: string }[] }) => view.panels.map(({ id }) => id)

  test('move to a place, others keep their order', () => {
    const { lab, view } = setUp()
    const before = ids(view())
    lab.movePanel(view().panels[2].id, 0)
    expect(ids(view())).toEqual([before[2], before[0], before[1], ...before.slice(3)])
    lab.movePanel(view().panels[0].id, 99)
    expect(ids(view()).at(-1)).toBe(before[2])
  })

  test('are three to twelve columns wide', () => {
    const { lab, view } = setUp()
    lab.resizePanel('training', 40)
    expect(view().panels.find(({ id }) => id === 'training')?.span).toBe(12)
    lab.resizePanel('training', 0)
    expect(view().panels.find(({ id }) => id === 'training')?.span).toBe(3)
  })

  test('close with their focus and come back once', () => {
    const { lab, view } = setUp()
    lab.focusPanel('training')
    lab.closePanel('training')
    expect(view().focus).toBeNull()
    expect(ids(view())).not.toContain('training')
    lab.addPanel('training')
    lab.addPanel('training')
    expect(ids(view()).filter((id) => id === 'training')).toHaveLength(1)
  })
})
