import { useState, type JSX } from 'react'
import { DropZone, FileTrigger, Text, type DropZoneProps } from 'react-aria-components'
import { ActionButton } from './buttons.tsx'

type DropEvent = Parameters<NonNullable<DropZoneProps['onDrop']>>[0]

/** A file's name and bytes. */
export interface ReadFile {
  readonly name: string
  readonly bytes: Uint8Array
}

export interface FileDropProps {
  readonly label: string
  readonly accepts: readonly string[]
  readonly hint: string
  readonly onFiles: (files: readonly ReadFile[]) => void
  readonly isDisabled?: boolean
}

/** A place to drop one or several files on, with a button that does the same. */
export function FileDrop({ label, accepts, hint, onFiles, isDisabled = false }: FileDropProps): JSX.Element {
  const [problem, setProblem] = useState<string | null>(null)
  const take = async (files: readonly File[]): Promise<void> => {
    if (files.length === 0) return
    try {
      const read = await Promise.all(files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })))
      setProblem(null)
      onFiles(read)
    } catch {
      setProblem(`${files.map(({ name }) => name).join(', ')}: the browser could not read it. Copy it to this computer and choose it again.`)
    }
  }
  const drop = async ({ items }: DropEvent): Promise<void> => {
    const folder = items.find((item) => item.kind === 'directory')
    if (folder !== undefined) {
      setProblem(`${folder.name} is a folder. Pack it into a .zip and drop that.`)
      return
    }
    await take(await Promise.all(items.filter((item) => item.kind === 'file').map((item) => item.getFile())))
  }
  return (
    <DropZone className="file-drop" onDrop={(event) => void drop(event)} isDisabled={isDisabled}>
      <Text slot="label" className="file-drop-label">
        {label}
      </Text>
      <p className="hint">{hint}</p>
      <FileTrigger allowsMultiple acceptedFileTypes={[...accepts]} onSelect={(files) => void take(Array.from(files ?? []))}>
        <ActionButton isDisabled={isDisabled}>Choose files, or drop them here</ActionButton>
      </FileTrigger>
      {problem !== null && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </DropZone>
  )
}
