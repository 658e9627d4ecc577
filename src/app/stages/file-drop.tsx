import type { JSX } from 'react'
import { DropZone, FileTrigger, Text, type DropZoneProps } from 'react-aria-components'
import type { FileRole } from '../lab/lab-commands.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { ActionButton } from '../ui/buttons.tsx'

type DropEvent = Parameters<NonNullable<DropZoneProps['onDrop']>>[0]

export interface FileDropProps {
  readonly role: FileRole
  readonly label: string
  readonly accepts: readonly string[]
  readonly hint: string
}

/** A place to drop a file on, with a button that does the same. */
export function FileDrop({ role, label, accepts, hint }: FileDropProps): JSX.Element {
  const commands = useCommands()
  const take = async (file: File): Promise<void> => {
    await commands.importFile({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }, role)
  }
  const drop = async ({ items }: DropEvent): Promise<void> => {
    const item = items.find((candidate) => candidate.kind === 'file')
    if (item !== undefined) await take(await item.getFile())
  }
  const choose = (files: FileList | null): void => {
    const file = files?.item(0)
    if (file) void take(file)
  }
  return (
    <DropZone className="file-drop" onDrop={(event) => void drop(event)}>
      <Text slot="label" className="file-drop-label">
        {label}
      </Text>
      <p className="hint">{hint}</p>
      <FileTrigger acceptedFileTypes={[...accepts]} onSelect={choose}>
        <ActionButton>Choose a file, or drop it here</ActionButton>
      </FileTrigger>
    </DropZone>
  )
}
