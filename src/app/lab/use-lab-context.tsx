import { createContext, useContext, useSyncExternalStore, type JSX, type ReactNode } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { LabStoreContext, useLab } from '../../state/use-lab.ts'
import type { Lab } from './lab.ts'
import type { LabCommands } from './lab-commands.ts'
import type { PageState } from './page-state.ts'
import type { RunningLab } from './start-lab.ts'
import { onSystemTheme, shownTheme } from './theme.ts'

const RunningLabContext = createContext<RunningLab | null>(null)

export function LabProvider({ running, children }: { readonly running: RunningLab; readonly children: ReactNode }): JSX.Element {
  return (
    <RunningLabContext value={running}>
      <LabStoreContext value={running.lab.store}>{children}</LabStoreContext>
    </RunningLabContext>
  )
}

function useRunning(): RunningLab {
  const running = useContext(RunningLabContext)
  if (running === null) throw new Error('useRunning: no lab in this part of the page; wrap it in <LabProvider>')
  return running
}

export function useLabParts(): Lab {
  return useRunning().lab
}

export function useCommands(): LabCommands {
  return useRunning().commands
}

/** What `select` picks from the state of the page. */
export function usePage<T>(select: (state: PageState) => T): T {
  return useStore(useRunning().lab.page, select)
}

/** As `usePage`, for a selector that builds an object: compared entry by entry. */
export function usePageShallow<T>(select: (state: PageState) => T): T {
  return useStore(useRunning().lab.page, useShallow(select))
}

/** Changes the state of the page. */
export function useSetPage(): (fields: Partial<PageState>) => void {
  return useRunning().lab.page.setState
}

/** Light or dark, as it is on the screen. */
export function useShownTheme(): 'light' | 'dark' {
  const theme = useLab((state) => state.theme)
  return useSyncExternalStore(onSystemTheme, () => shownTheme(theme))
}
