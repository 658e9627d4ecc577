import type { Theme } from '../../state/lab-state.ts'
import type { Lab } from './lab.ts'

const KEY = 'hessian-lab-theme'
const DARK = '(prefers-color-scheme: dark)'

function remembered(): Theme {
  try {
    const stored = window.localStorage.getItem(KEY)
    return stored === 'light' || stored === 'dark' ? stored : 'system'
  } catch {
    return 'system'
  }
}

function remember(theme: Theme): void {
  try {
    window.localStorage.setItem(KEY, theme)
  } catch {
    // Without storage the choice lasts as long as the page.
    return
  }
}

export function resolveTheme(theme: Theme, systemIsDark: boolean): 'light' | 'dark' {
  if (theme !== 'system') return theme
  return systemIsDark ? 'dark' : 'light'
}

/** The theme on the screen: what the user chose, else what the system says. */
export function shownTheme(theme: Theme): 'light' | 'dark' {
  return resolveTheme(theme, window.matchMedia(DARK).matches)
}

/** Calls back when the system changes between light and dark. */
export function onSystemTheme(callback: () => void): () => void {
  const query = window.matchMedia(DARK)
  query.addEventListener('change', callback)
  return () => {
    query.removeEventListener('change', callback)
  }
}

/** Keeps the page's colours at the chosen theme, and remembers the choice. */
export function followTheme({ store, actions }: Lab): void {
  actions.setTheme(remembered())
  const apply = (): void => {
    document.documentElement.dataset['theme'] = shownTheme(store.getState().theme)
  }
  apply()
  onSystemTheme(apply)
  store.subscribe((state, before) => {
    if (state.theme === before.theme) return
    remember(state.theme)
    apply()
  })
}
