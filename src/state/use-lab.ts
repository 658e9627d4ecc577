import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { LabState } from './lab-state.ts'
import type { LabStore } from './lab-store.ts'

/** `<LabStoreContext value={store}>` above everything that shows the lab. */
export const LabStoreContext = createContext<LabStore | null>(null)

export function useLabStore(): LabStore {
  const store = useContext(LabStoreContext)
  if (store === null) throw new Error('useLabStore: no store in this part of the page; wrap it in <LabStoreContext value={store}>')
  return store
}

/** What `select` picks from the state; the component draws again when that is another value. */
export function useLab<T>(select: (state: LabState) => T): T {
  return useStore(useLabStore(), select)
}

/** As `useLab`, for a selector that builds an object or array: compared entry by entry. */
export function useLabShallow<T>(select: (state: LabState) => T): T {
  return useStore(useLabStore(), useShallow(select))
}
