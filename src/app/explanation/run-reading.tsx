import type { JSX } from 'react'
import type { PanelId } from '../../contracts/experiment.ts'
import { usePanel } from '../panels/use-panel.ts'

/** The numbers of this run in a sentence, and how far they can be trusted. */
export function RunReading({ id }: { readonly id: PanelId }): JSX.Element {
  const { figure, quality } = usePanel(id)
  if (figure === null) return <p className="hint">Nothing yet: this run has no result for the panel.</p>
  return (
    <>
      <p className="reading">{figure.summary}</p>
      {quality !== null && <p className="hint">{quality.long}</p>}
    </>
  )
}
