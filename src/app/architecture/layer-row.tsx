import { useSortable } from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import type { CSSProperties, JSX } from 'react'
import { formatLayer, type LayerKind, type LayerSettings } from '../../contracts/layers.ts'
import type { LayerSketch } from '../../contracts/results.ts'
import { LAYER_TITLES } from '../format/layers.ts'
import type { LayerRow } from '../settings/architecture.ts'
import { IconButton } from '../ui/buttons.tsx'
import { Icon } from '../ui/icons.tsx'
import { AddLayer } from './add-layer.tsx'
import { LayerFields } from './layer-fields.tsx'
import { layerLine } from './sketch-words.ts'

/** What can be done with the layer of a row. */
export interface LayerRowActions {
  readonly onChange: (layer: LayerSettings) => void
  readonly onMove: (to: number) => void
  readonly onRemove: () => void
  readonly onDuplicate: () => void
  readonly onAddBehind: (kind: LayerKind) => void
}

export interface LayerRowViewProps extends LayerRowActions {
  readonly row: LayerRow
  readonly at: number
  readonly of: number
  readonly isFull: boolean
  readonly sketch: LayerSketch | null
  /** Why the network cannot be built, where this layer is at fault. */
  readonly problem: string | null
}

/** One layer: what it is, its sizes, what comes out of it, and what can be done with it. */
export function LayerRowView({ row, at, of, sketch, problem, ...rest }: LayerRowViewProps): JSX.Element {
  const { setNodeRef, setActivatorNodeRef, attributes, listeners, transform, transition, isDragging } = useSortable({ id: row.id })
  const style: CSSProperties = { transform: CSS.Translate.toString(transform), ...(transition === undefined ? {} : { transition }) }
  const name = `layer ${at + 1}, ${LAYER_TITLES[row.layer.kind]}`
  const className = ['layer-row', isDragging ? 'dragging' : '', problem === null ? '' : 'at-fault'].join(' ')
  return (
    <li ref={setNodeRef} className={className} style={style} data-testid="layer-row" data-layer={formatLayer(row.layer)} aria-label={name}>
      <button ref={setActivatorNodeRef} type="button" className="layer-handle" {...attributes} {...listeners} aria-label={`Move ${name}`}>
        <Icon name="drag" size={16} />
      </button>
      <span className="layer-name">
        <span className="layer-number">{at + 1}</span>
        <Icon name={row.layer.kind} size={20} />
        {LAYER_TITLES[row.layer.kind]}
      </span>
      <div className="layer-fields">
        <LayerFields layer={row.layer} onChange={rest.onChange} />
      </div>
      <p className="layer-output">{problem ?? (sketch === null ? '—' : layerLine(sketch))}</p>
      <LayerButtons name={name} at={at} of={of} {...rest} />
    </li>
  )
}

type LayerButtonsProps = Omit<LayerRowViewProps, 'row' | 'sketch' | 'problem'> & { readonly name: string }

function LayerButtons({ name, at, of, isFull, onMove, onRemove, onDuplicate, onAddBehind }: LayerButtonsProps): JSX.Element {
  return (
    <div className="layer-buttons">
      <IconButton icon="up" label={`Move up: ${name}`} isDisabled={at === 0} onPress={() => onMove(at - 1)} />
      <IconButton icon="down" label={`Move down: ${name}`} isDisabled={at === of - 1} onPress={() => onMove(at + 1)} />
      <IconButton icon="copy" label={`Duplicate: ${name}`} isDisabled={isFull} onPress={onDuplicate} />
      <AddLayer label={`Add a layer behind ${name}`} iconOnly isDisabled={isFull} onAdd={onAddBehind} />
      <IconButton icon="bin" label={`Remove: ${name}`} onPress={onRemove} />
    </div>
  )
}
