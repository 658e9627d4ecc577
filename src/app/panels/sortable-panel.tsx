import { useSortable } from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import type { CSSProperties, JSX } from 'react'
import type { PanelId } from '../../contracts/experiment.ts'
import { lessonOf } from '../../lessons/index.ts'
import { Icon } from '../ui/icons.tsx'
import { PanelFrame } from './panel-frame.tsx'

export interface SortablePanelProps {
  readonly id: PanelId
  /** Columns of twelve. */
  readonly span: number
}

/** A panel at its place in the grid, with a handle to drag it by. */
export function SortablePanel({ id, span }: SortablePanelProps): JSX.Element {
  const { setNodeRef, setActivatorNodeRef, attributes, listeners, transform, transition, isDragging } = useSortable({ id })
  const style: CSSProperties = {
    gridColumn: `span ${span}`,
    transform: CSS.Translate.toString(transform),
    ...(transition === undefined ? {} : { transition }),
  }
  const handle = (
    <button ref={setActivatorNodeRef} type="button" className="panel-handle" {...attributes} {...listeners} aria-label={`Move ${lessonOf(id).title}`}>
      <Icon name="drag" size={16} />
    </button>
  )
  return (
    <div ref={setNodeRef} className={isDragging ? 'panel-slot dragging' : 'panel-slot'} style={style}>
      <PanelFrame id={id} handle={handle} />
    </div>
  )
}
