import { createStore, type StoreApi } from 'zustand/vanilla'
import type { LabEvent } from '../contracts/session.ts'
import * as actions from './actions.ts'
import { applyEvents } from './apply-event.ts'
import { initialState, type LabState } from './lab-state.ts'

export type LabStore = Pick<StoreApi<LabState>, 'getState' | 'getInitialState' | 'setState' | 'subscribe'>

/** A reducer with its first argument bound to a store. */
type Bound<A> = A extends (state: LabState, ...rest: infer R) => LabState ? (...rest: R) => void : never

export type LabActions = { readonly [K in keyof typeof actions]: Bound<(typeof actions)[K]> } & {
  /** Takes in the session's events, in order, as one change of the store. */
  readonly receive: (events: readonly LabEvent[]) => void
}

export function createLabStore(initial: LabState = initialState()): LabStore {
  return createStore<LabState>(() => initial)
}

/** Every action of `actions.ts`, bound to the store. */
export function labActions(store: LabStore): LabActions {
  const bind =
    <R extends unknown[]>(reduce: (state: LabState, ...rest: R) => LabState) =>
    (...rest: R): void => {
      store.setState((state) => reduce(state, ...rest), true)
    }
  return {
    openExperiment: bind(actions.openExperiment),
    openLink: bind(actions.openLink),
    setExperiment: bind(actions.setExperiment),
    setView: bind(actions.setView),
    movePanel: bind(actions.movePanel),
    resizePanel: bind(actions.resizePanel),
    addPanel: bind(actions.addPanel),
    closePanel: bind(actions.closePanel),
    focusPanel: bind(actions.focusPanel),
    setEngineChoice: bind(actions.setEngineChoice),
    setConnection: bind(actions.setConnection),
    setTheme: bind(actions.setTheme),
    setPresenting: bind(actions.setPresenting),
    addNotice: bind(actions.addNotice),
    dismissNotice: bind(actions.dismissNotice),
    receiveReplicas: bind(actions.receiveReplicas),
    clearReplicas: bind(actions.clearReplicas),
    receive: bind(applyEvents),
  }
}
