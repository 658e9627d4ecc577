import { DndContext, KeyboardSensor, PointerSensor, closestCenter, useSensor, useSensors, type DragEndEvent } from '@dnd-kit/core'
import { SortableContext, rectSortingStrategy, sortableKeyboardCoordinates } from '@dnd-kit/sortable'
import type { JSX } from 'react'
import { lessonOf, panelIds } from '../../lessons/index.ts'
import { useLab } from '../../state/use-lab.ts'
import { useLabParts } from '../lab/use-lab-context.tsx'
import { AddPanel } from './add-panel.tsx'
import { dragAnnouncements } from './drag-announcements.ts'
import { SortablePanel } from './sortable-panel.tsx'
import './panels.css'

const DRAG_AFTER_PIXELS = 6

/** All panels in the order and width of the view; they can be dragged, also by keyboard. */
export function PanelGrid(): JSX.Element {
  const { actions } = useLabParts()
  const panels = useLab((state) => state.experiment.view.panels)
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: DRAG_AFTER_PIXELS } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const drop = ({ active, over }: DragEndEvent): void => {
    const moved = panelIds.find((id) => id === active.id)
    const to = panels.findIndex(({ id }) => id === over?.id)
    if (moved !== undefined && to >= 0) actions.movePanel(moved, to)
  }
  const ids = panels.map(({ id }) => id)
  return (
    <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={drop} accessibility={{ announcements: dragAnnouncements(ids, (id) => lessonOf(id).title) }}>
      <SortableContext items={ids} strategy={rectSortingStrategy}>
        <div className="panel-grid">
          {panels.map(({ id, span }) => (
            <SortablePanel key={id} id={id} span={span} />
          ))}
        </div>
      </SortableContext>
      <AddPanel />
    </DndContext>
  )
}
