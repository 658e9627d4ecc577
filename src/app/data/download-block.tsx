import { useEffect, type JSX } from 'react'
import type { DatasetName } from '../../contracts/experiment.ts'
import type { DownloadStatus } from '../../contracts/session.ts'
import { useLab } from '../../state/use-lab.ts'
import { DATASET_TITLES } from '../format/names.ts'
import { formatBytes } from '../format/quantity.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { ActionButton } from '../ui/buttons.tsx'
import { downloadLine } from './download-words.ts'

/** Whether the whole data set is kept in this browser, and the way to have it so. */
export function DownloadBlock({ name }: { readonly name: DatasetName }): JSX.Element | null {
  const commands = useCommands()
  const status = useLab((state) => state.downloads[name] ?? null)
  const connected = useLab((state) => state.connection === 'ready')
  useEffect(() => {
    if (connected) void commands.askDownload(name)
  }, [commands, connected, name])
  if (status === null) return null
  return (
    <div className="fact-card" data-testid="download" data-state={status.state}>
      <p>{downloadLine(status)}</p>
      {status.state !== 'complete' && status.storedBytes > 0 && (
        <progress value={status.storedBytes} max={Math.max(1, status.totalBytes)} aria-label={`${DATASET_TITLES[name]}, stored part`} />
      )}
      <DownloadButtons status={status} />
    </div>
  )
}

function DownloadButtons({ status: { name, state, storedBytes, totalBytes } }: { readonly status: DownloadStatus }): JSX.Element {
  const commands = useCommands()
  const remove = (
    <ActionButton icon="bin" onPress={() => void commands.removeDownload(name)} testId="download-remove">
      Remove
    </ActionButton>
  )
  switch (state) {
    case 'running':
      return (
        <ActionButton onPress={() => void commands.cancelDownload()} testId="download-cancel">
          Stop, keep what is there
        </ActionButton>
      )
    case 'complete':
      return remove
    case 'partial':
      return (
        <div className="button-row">
          <ActionButton icon="download" onPress={() => void commands.download(name)} testId="download-start">
            {storedBytes === 0 ? `Store all of ${DATASET_TITLES[name]}, ${formatBytes(totalBytes)}` : `Go on, ${formatBytes(totalBytes - storedBytes)} to go`}
          </ActionButton>
          {storedBytes > 0 && remove}
        </div>
      )
  }
}
