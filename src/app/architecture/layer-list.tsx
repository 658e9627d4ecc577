import { DndContext, KeyboardSensor, PointerSensor, closestCenter, useSensor, useSensors, type Announcements, type DragEndEvent, type UniqueIdentifier } from '@dnd-kit/core'
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable'
import type { JSX } from 'react'
import type { NetworkSketch } from '../../contracts/results.ts'
import { LAYER_TITLES } from '../format/layers.ts'
import { changeLayer, duplicateLayer, insertLayer, MOST_LAYERS, moveLayer, newLayer, removeLayer, type Draft, type LayerRow } from '../settings/architecture.ts'
import { AddLayer } from './add-layer.tsx'
import { LayerRowView } from './layer-row.tsx'
import { layerLine, sketchOf } from './sketch-words.ts'

const DRAG_AFTER_PIXELS = 6

export interface LayerListProps {
  readonly draft: Draft
  readonly sketch: NetworkSketch | null
  readonly onChange: (draft: Draft) => void
  readonly onDragging: (isDragging: boolean) => void
}

/** All layers in order, between input and output; they can be dragged, also by keyboard. */
export function LayerList({ draft, sketch, onChange, onDragging }: LayerListProps): JSX.Element {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: DRAG_AFTER_PIXELS } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const { rows } = draft
  const place = (id: UniqueIdentifier | undefined): number => rows.findIndex((row) => row.id === id)
  const drop = ({ active, over }: DragEndEvent): void => {
    onDragging(false)
    onChange(moveLayer(draft, place(active.id), place(over?.id)))
  }
  const isFull = rows.length >= MOST_LAYERS
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragStart={() => onDragging(true)}
      onDragCancel={() => onDragging(false)}
      onDragEnd={drop}
      accessibility={{ announcements: announcementsFor(rows) }}
    >
      <SortableContext items={rows.map(({ id }) => id)} strategy={verticalListSortingStrategy}>
        <ol className="layer-list" aria-label="Layers in order">
          <FixedRow sketch={sketch} which="input">
            <AddLayer label="Add a layer behind the input" iconOnly isDisabled={isFull} onAdd={(kind) => onChange(insertLayer(draft, 0, newLayer(kind)))} />
          </FixedRow>
          {rows.map((row, at) => (
            <LayerRowView
              key={row.id}
              row={row}
              at={at}
              of={rows.length}
              isFull={isFull}
              sketch={sketchOf(sketch, at)}
              problem={sketch?.problem?.index === at ? sketch.problem.error.message : null}
              onChange={(layer) => onChange(changeLayer(draft, at, layer))}
              onMove={(to) => onChange(moveLayer(draft, at, to))}
              onRemove={() => onChange(removeLayer(draft, at))}
              onDuplicate={() => onChange(duplicateLayer(draft, at))}
              onAddBehind={(kind) => onChange(insertLayer(draft, at + 1, newLayer(kind)))}
            />
          ))}
          <FixedRow sketch={sketch} which="output" />
        </ol>
      </SortableContext>
    </DndContext>
  )
}

interface FixedRowProps {
  readonly sketch: NetworkSketch | null
  readonly which: 'input' | 'output'
  readonly children?: JSX.Element
}

/** Input and output follow from the data and stay where they are. */
function FixedRow({ sketch, which, children }: FixedRowProps): JSX.Element {
  const lines = sketch?.layers ?? []
  const line = which === 'input' ? lines.find(({ index }) => index === null) : lines.findLast(({ index, what }) => index === null && what.startsWith('output'))
  return (
    <li className="layer-row fixed">
      <span className="layer-name">{line?.what ?? which}</span>
      <p className="layer-output">{line === undefined ? '—' : layerLine(line)}</p>
      {children !== undefined && <div className="layer-buttons">{children}</div>}
    </li>
  )
}

/** What a screen reader says while a layer is moved. */
function announcementsFor(rows: readonly LayerRow[]): Announcements {
  const place = (id: UniqueIdentifier): number => rows.findIndex((row) => row.id === id) + 1
  const title = (id: UniqueIdentifier): string => {
    const row = rows.find((candidate) => candidate.id === id)
    return row === undefined ? 'The layer' : LAYER_TITLES[row.layer.kind]
  }
  return {
    onDragStart: ({ active }) => `${title(active.id)} is picked up at place ${place(active.id)} of ${rows.length}.`,
    onDragOver: ({ active, over }) => (over === null ? undefined : `${title(active.id)} is over place ${place(over.id)} of ${rows.length}.`),
    onDragEnd: ({ active, over }) => (over === null ? `${title(active.id)} stays.` : `${title(active.id)} is put down at place ${place(over.id)} of ${rows.length}.`),
    onDragCancel: ({ active }) => `${title(active.id)} stays where it was.`,
  }
}
