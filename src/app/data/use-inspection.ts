import { useRef, useState } from 'react'
import { toLabErrorData, type LabErrorData } from '../../contracts/errors.ts'
import type { DataPreview } from '../../contracts/results.ts'
import type { FileInput } from '../../contracts/session.ts'
import { DEFAULT_TEST_SHARE } from '../lab/lab-commands.ts'
import { useLabParts } from '../lab/use-lab-context.tsx'

/** The user's files on their way to becoming the data set. */
export interface Inspected {
  readonly files: readonly FileInput[]
  readonly testShare: number
  /** What they hold; null until they are read. */
  readonly preview: DataPreview | null
  readonly isReading: boolean
  readonly error: LabErrorData | null
}

export interface Inspection {
  readonly inspected: Inspected | null
  readonly read: (files: readonly FileInput[], testShare?: number) => Promise<void>
  readonly forget: () => void
}

/** Reads files without using them; the newest reading wins, and a failed one leaves the last preview. */
export function useInspection(): Inspection {
  const { client } = useLabParts()
  const [inspected, setInspected] = useState<Inspected | null>(null)
  const run = useRef(0)
  const read = async (files: readonly FileInput[], testShare = DEFAULT_TEST_SHARE): Promise<void> => {
    run.current += 1
    const mine = run.current
    const tell = (fields: Partial<Inspected>): void => {
      if (run.current !== mine) return
      setInspected((old) => ({ files, testShare, preview: old?.files === files ? old.preview : null, isReading: false, error: null, ...fields }))
    }
    tell({ isReading: true })
    try {
      tell({ preview: await client.inspectData(files, { testShare }) })
    } catch (error) {
      tell({ error: toLabErrorData(error) })
    }
  }
  const forget = (): void => {
    run.current += 1
    setInspected(null)
  }
  return { inspected, read, forget }
}
