import type { JSX } from 'react'
import type { LayerKind } from '../../contracts/layers.ts'
import { LAYER_NOTES, LAYER_TITLES } from '../format/layers.ts'
import { MenuButton } from '../ui/menu-button.tsx'

const OPTIONS = (Object.keys(LAYER_TITLES) as LayerKind[]).map((value) => ({ value, label: LAYER_TITLES[value], note: LAYER_NOTES[value] }))

export interface AddLayerProps {
  readonly label: string
  readonly onAdd: (kind: LayerKind) => void
  readonly iconOnly?: boolean
  readonly isDisabled?: boolean
  readonly testId?: string
}

/** Every kind of layer, to be added at one place. */
export function AddLayer({ onAdd, ...rest }: AddLayerProps): JSX.Element {
  return <MenuButton icon="plus" options={OPTIONS} onChoose={onAdd} {...rest} />
}
