import type { JSX, RefObject } from 'react'
import type { PanelId } from '../../contracts/experiment.ts'
import { lessonOf } from '../../lessons/index.ts'
import { useLab } from '../../state/use-lab.ts'
import { usePage } from '../lab/use-lab-context.tsx'
import { Plot, type PlotHandle } from '../plot/index.ts'
import { howToGet } from './panel-facts.ts'
import { PanelTable } from './panel-table.tsx'
import { useInView } from './use-in-view.ts'
import type { PanelContent } from './use-panel.ts'

export interface PanelBodyProps {
  readonly id: PanelId
  readonly content: PanelContent
  readonly plot: RefObject<PlotHandle | null>
}

/** The plot, its numbers as a table, or what will be here. Plots are drawn once they come into view. */
export function PanelBody({ id, content: { figure }, plot }: PanelBodyProps): JSX.Element {
  const asTable = usePage((page) => page.tables.has(id))
  const [element, seen] = useInView<HTMLDivElement>()
  if (figure === null) return <Skeleton id={id} />
  return (
    <div className="panel-body" ref={element}>
      {asTable ? <PanelTable figure={figure} /> : seen && <Plot ref={plot} figure={figure} title={lessonOf(id).title} />}
    </div>
  )
}

function Skeleton({ id }: { readonly id: PanelId }): JSX.Element {
  const how = useLab((state) => howToGet(id, state))
  return (
    <div className="panel-body skeleton">
      <div className="skeleton-words">
        <p>{lessonOf(id).expects}</p>
        <p className="hint">{how}</p>
      </div>
    </div>
  )
}
