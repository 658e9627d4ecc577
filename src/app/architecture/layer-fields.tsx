import type { JSX } from 'react'
import type { LayerSettings } from '../../contracts/layers.ts'
import { NumberBox } from '../ui/number-box.tsx'
import { Choice } from '../ui/choice.tsx'
import { Toggle } from '../ui/toggle.tsx'

export interface LayerFieldsProps {
  readonly layer: LayerSettings
  readonly onChange: (layer: LayerSettings) => void
}

const PADDINGS = [
  { value: 'same', label: 'same', note: 'Zeros around the image keep its size' },
  { value: 'valid', label: 'valid', note: 'Only whole windows: the image shrinks' },
] as const

const SIZE = { min: 1, max: 16, integer: true } as const
const STRIDE = { min: 1, max: 8, integer: true } as const
const FILTERS = { min: 1, max: 512, integer: true } as const

/** The sizes of one layer. */
export function LayerFields({ layer, onChange }: LayerFieldsProps): JSX.Element | null {
  switch (layer.kind) {
    case 'dense':
      return (
        <>
          <NumberBox label="Units" value={layer.units} min={1} max={4096} integer onChange={(units) => onChange({ ...layer, units })} />
          <Toggle label="Batch norm" isOn={layer.batchNorm} onChange={(batchNorm) => onChange({ ...layer, batchNorm })} />
        </>
      )
    case 'conv':
      return (
        <>
          <NumberBox label="Filters" value={layer.filters} {...FILTERS} onChange={(filters) => onChange({ ...layer, filters })} />
          <NumberBox label="Window" value={layer.size} {...SIZE} onChange={(size) => onChange({ ...layer, size })} />
          <NumberBox label="Stride" value={layer.stride} {...STRIDE} onChange={(stride) => onChange({ ...layer, stride })} />
          <Choice label="Padding" value={layer.padding} options={PADDINGS} onChange={(padding) => onChange({ ...layer, padding })} />
          <Toggle label="Batch norm" isOn={layer.batchNorm} onChange={(batchNorm) => onChange({ ...layer, batchNorm })} />
        </>
      )
    case 'maxPool':
    case 'averagePool':
      return (
        <>
          <NumberBox label="Window" value={layer.size} {...SIZE} onChange={(size) => onChange({ ...layer, size })} />
          <NumberBox label="Stride" value={layer.stride} {...STRIDE} onChange={(stride) => onChange({ ...layer, stride })} />
          <Choice label="Padding" value={layer.padding} options={PADDINGS} onChange={(padding) => onChange({ ...layer, padding })} />
        </>
      )
    case 'residual':
      return (
        <>
          <NumberBox label="Filters" value={layer.filters} {...FILTERS} onChange={(filters) => onChange({ ...layer, filters })} />
          <NumberBox label="Stride" value={layer.stride} {...STRIDE} onChange={(stride) => onChange({ ...layer, stride })} />
          <Toggle label="Batch norm" isOn={layer.batchNorm} onChange={(batchNorm) => onChange({ ...layer, batchNorm })} />
        </>
      )
    case 'globalAveragePool':
      return null
  }
}
