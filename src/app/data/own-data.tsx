import { lazy, Suspense, type JSX } from 'react'
import type { FileInput } from '../../contracts/session.ts'
import { useLab } from '../../state/use-lab.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { fromInitialWeights } from '../settings/start.ts'
import { FileDrop } from '../ui/file-drop.tsx'
import { filesWords, refusalWords } from './file-words.ts'
import { useInspection } from './use-inspection.ts'

const OwnDataDialog = lazy(() => import('./own-data-dialog.tsx'))

const ACCEPTS = ['.npz', '.csv', '.tsv', '.zip', '.gz', '.tar', '.idx', '.bin', '.json', '.ubyte', '.txt']

/** The user's own files: read and looked at first, used only when that is asked for. */
export function OwnData(): JSX.Element {
  const commands = useCommands()
  const { inspected, read, forget } = useInspection()
  const startsTrained = useLab((state) => state.experiment.training.start !== null)
  const take = (files: readonly FileInput[]): void => {
    if (files.length === 1 && files[0].name.endsWith('.json')) void commands.importExperiment(files[0])
    else void read(files)
  }
  const use = async (): Promise<void> => {
    forget()
    await commands.adoptData()
    if (startsTrained) await commands.edit(fromInitialWeights)
  }
  const refused = inspected !== null && inspected.preview === null && inspected.error !== null ? inspected.error : null
  return (
    <>
      <FileDrop
        label="Own data"
        accepts={ACCEPTS}
        hint="IDX images and labels, the CIFAR-10 binary archive, .npz with x and y, a .zip of one folder of images per class, or .csv. An experiment saved as .json opens too."
        onFiles={take}
      />
      {inspected?.isReading === true && inspected.preview === null && (
        <p className="hint" role="status">
          Reading {filesWords(inspected.files)}.
        </p>
      )}
      {inspected !== null && refused !== null && (
        <div className="stage-failure" role="alert">
          <p>{refusalWords(inspected.files, refused.message)}</p>
          <p>{refused.remedy} The data in use are as they were.</p>
        </div>
      )}
      {inspected !== null && inspected.preview !== null && (
        <Suspense fallback={null}>
          <OwnDataDialog inspected={inspected} preview={inspected.preview} onShare={(share) => void read(inspected.files, share)} onUse={() => void use()} onClose={forget} />
        </Suspense>
      )}
    </>
  )
}
