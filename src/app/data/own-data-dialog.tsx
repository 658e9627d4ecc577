import type { JSX } from 'react'
import type { DataPreview } from '../../contracts/results.ts'
import { ActionButton } from '../ui/buttons.tsx'
import { ModalDialog } from '../ui/modal-dialog.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { filesWords } from './file-words.ts'
import { PreviewView } from './preview-view.tsx'
import type { Inspected } from './use-inspection.ts'

const SHARES = [0, 0.1, 0.2, 0.3].map((share) => ({ value: String(share), label: share === 0 ? 'none' : `${Math.round(100 * share)} %` }))

export interface OwnDataDialogProps {
  readonly inspected: Inspected
  readonly preview: DataPreview
  readonly onShare: (share: number) => void
  readonly onUse: () => void
  readonly onClose: () => void
}

/** What the user's files hold, before they take the place of the data set. */
export default function OwnDataDialog({ inspected, preview, onShare, onUse, onClose }: OwnDataDialogProps): JSX.Element {
  const { files, testShare, isReading, error } = inspected
  return (
    <ModalDialog title="Own data" isOpen isWide onClose={onClose} testId="data-preview">
      <div className="labelled">
        <span className="hint">Set apart for testing, where the files have no test data</span>
        <Segmented label="Share set apart for testing" value={String(testShare)} options={SHARES} onChange={(share) => onShare(Number(share))} />
      </div>
      {error !== null && (
        <p className="problem" role="alert">
          {error.message} {error.remedy}
        </p>
      )}
      <PreviewView title={filesWords(files)} preview={preview} nameOf={(label) => preview.classNames?.[label] ?? `class ${label}`} />
      <div className="button-row">
        <ActionButton look="primary" isDisabled={isReading || error !== null} onPress={onUse} testId="use-data">
          Use this data
        </ActionButton>
        <ActionButton onPress={onClose}>Leave everything as it is</ActionButton>
      </div>
      <p className="hint">With other data the network is trained anew; results so far stay on the page, marked as of earlier settings.</p>
    </ModalDialog>
  )
}
