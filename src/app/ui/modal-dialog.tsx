import type { JSX, ReactNode } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { IconButton } from './buttons.tsx'

export interface ModalDialogProps {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  /** Where it stands: in the middle, or as a sheet along one side. */
  readonly side?: 'left' | 'right'
  /** Takes as much of the screen's width as is useful for lists and tables. */
  readonly isWide?: boolean
  /** Only its own buttons close it: a slip must not cost what was typed. */
  readonly staysOpen?: boolean
  readonly testId?: string
}

/** A dialog over the page; Escape and a press beside it close it, unless it stays open. */
export function ModalDialog({ title, isOpen, onClose, children, side, isWide = false, staysOpen = false, testId }: ModalDialogProps): JSX.Element {
  return (
    <ModalOverlay
      className={side === undefined ? 'veil' : `veil side ${side}`}
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      isDismissable={!staysOpen}
      isKeyboardDismissDisabled={staysOpen}
    >
      <Modal className={['modal', side === undefined ? '' : 'sheet', isWide ? 'wide' : ''].join(' ')} data-testid={testId}>
        <Dialog className="dialog">
          <header className="dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton icon="close" label="Close" onPress={onClose} />
          </header>
          <div className="dialog-body">{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
