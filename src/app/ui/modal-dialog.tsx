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
}

/** A dialog over the page; Escape and a press beside it close it. */
export function ModalDialog({ title, isOpen, onClose, children, side }: ModalDialogProps): JSX.Element {
  return (
    <ModalOverlay
      className={side === undefined ? 'veil' : `veil side ${side}`}
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      isDismissable
    >
      <Modal className={side === undefined ? 'modal' : 'modal sheet'}>
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
