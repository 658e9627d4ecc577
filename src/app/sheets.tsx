import type { JSX } from 'react'
import { Explanation } from './explanation/explanation.tsx'
import { usePage, useSetPage } from './lab/use-lab-context.tsx'
import { StageColumn } from './stages/stage-column.tsx'
import { ModalDialog } from './ui/modal-dialog.tsx'

/** The side columns on narrow screens. */
export function Sheets(): JSX.Element {
  const sheet = usePage((page) => page.sheet)
  const setPage = useSetPage()
  const close = (): void => setPage({ sheet: null })
  return (
    <>
      <ModalDialog title="Stages and settings" isOpen={sheet === 'stages'} onClose={close} side="left">
        <StageColumn />
      </ModalDialog>
      <ModalDialog title="Explanation" isOpen={sheet === 'explanation'} onClose={close} side="right">
        <Explanation canFold={false} />
      </ModalDialog>
    </>
  )
}
