import { useState, type JSX, type KeyboardEvent } from 'react'
import { FieldError, Input, Label, TextField } from 'react-aria-components'
import type { LayerSettings } from '../../contracts/layers.ts'
import { layersText, parseLayers } from '../settings/architecture.ts'

export interface LayersBoxProps {
  readonly layers: readonly LayerSettings[]
  readonly onChange: (layers: readonly LayerSettings[]) => void
}

/** All layers in one line, to be typed or copied; taken over on Enter and on leaving the box. */
export function LayersBox({ layers, onChange }: LayersBoxProps): JSX.Element {
  const [typed, setTyped] = useState<string | null>(null)
  const parsed = parseLayers(typed ?? '')
  const commit = (): void => {
    if (typed === null || !parsed.ok) return
    setTyped(null)
    if (layersText(parsed.layers) !== layersText(layers)) onChange(parsed.layers)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') commit()
    if (event.key === 'Escape' && typed !== null) {
      event.stopPropagation()
      setTyped(null)
    }
  }
  return (
    <TextField className="field" value={typed ?? layersText(layers)} onChange={setTyped} onBlur={commit} onKeyDown={onKeyDown} isInvalid={!parsed.ok}>
      <Label>All layers in one line</Label>
      <Input className="mono" autoComplete="off" spellCheck={false} data-testid="layers-text" />
      <span className="hint">50 dense · c6x5 convolution, v valid, /2 stride, b batch norm · p2 max pooling · a2 average pooling · g global average · r16b residual</span>
      <FieldError className="problem">{parsed.ok ? '' : parsed.problem}</FieldError>
    </TextField>
  )
}
