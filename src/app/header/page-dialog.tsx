import { lazy, Suspense, type ComponentType, type JSX } from 'react'
import { usePage } from '../lab/use-lab-context.tsx'

/** Dialogs of the page load when they are first opened. */
const DIALOGS: Readonly<Partial<Record<string, ComponentType>>> = {
  share: lazy(() => import('./share-dialog.tsx')),
  presets: lazy(() => import('./preset-comparison.tsx')),
  help: lazy(() => import('../keys/help-dialog.tsx')),
}

/** The dialog that is open over the page, if one is. */
export function PageDialog(): JSX.Element | null {
  const dialog = usePage((page) => page.dialog)
  const Dialog = DIALOGS[dialog ?? '']
  if (Dialog === undefined) return null
  return (
    <Suspense fallback={null}>
      <Dialog />
    </Suspense>
  )
}
