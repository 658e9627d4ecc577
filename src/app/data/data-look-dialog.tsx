import { useCallback, type JSX } from 'react'
import { useLab } from '../../state/use-lab.ts'
import { className, DATASET_TITLES } from '../format/names.ts'
import { useLabParts } from '../lab/use-lab-context.tsx'
import { ModalDialog } from '../ui/modal-dialog.tsx'
import { useLatest } from '../ui/use-latest.ts'
import { PreviewView } from './preview-view.tsx'

/** The samples of the data set in use. */
export default function DataLookDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const { client } = useLabParts()
  const data = useLab((state) => state.data)
  const { name, classes } = useLab((state) => state.experiment.dataset)
  const busy = useLab((state) => state.busy)
  const ask = useCallback(() => client.previewData(), [client])
  const { answer, failure } = useLatest(data, ask, 0)
  return (
    <ModalDialog title="The data in use" isOpen isWide onClose={onClose} testId="data-preview">
      {failure !== null && <p className="problem">{failure}</p>}
      {answer === null ? (
        <p className="hint" role="status">
          {busy ? 'The samples are shown when the running stage lets them through.' : 'The samples are on their way.'}
        </p>
      ) : (
        <PreviewView title={DATASET_TITLES[name]} preview={answer} nameOf={(label) => answer.classNames?.[label] ?? className(name, classes?.[label] ?? label)} />
      )}
    </ModalDialog>
  )
}
