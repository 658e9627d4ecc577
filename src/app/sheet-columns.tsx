import type { JSX } from 'react'
import { LazyExplanation } from './explanation/lazy-explanation.tsx'
import { usePage, useSetPage } from './lab/use-lab-context.tsx'
import { useMedia } from './lab/use-media.ts'
import { NARROW } from './bench.tsx'
import { StageColumn } from './stages/stage-column.tsx'
import { ModalDialog } from './ui/modal-dialog.tsx'

/** The outer columns as sheets, where the screen has no room for them. */
export function SheetColumns(): JSX.Element | null {
  const sheet = usePage((page) => page.sheet)
  const setPage = useSetPage()
  const narrow = useMedia(NARROW)
  const close = (): void => setPage({ sheet: null })
  if (!narrow) return null
  return (
    <>
      <ModalDialog title="Stages and settings" side="left" isOpen={sheet === 'stages'} onClose={close}>
        <StageColumn />
      </ModalDialog>
      <ModalDialog title="Explanation" side="right" isOpen={sheet === 'explanation'} onClose={close}>
        <LazyExplanation canFold={false} />
      </ModalDialog>
    </>
  )
}
