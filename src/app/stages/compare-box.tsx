import type { JSX } from 'react'
import { NumberBox } from '../ui/number-box.tsx'
import { Toggle } from '../ui/toggle.tsx'

export interface CompareBoxProps {
  readonly epoch: number | null
  readonly onChange: (epoch: number | null) => void
}

/** Another checkpoint that is looked at as well: the initial weights at first. */
export function CompareBox({ epoch, onChange }: CompareBoxProps): JSX.Element {
  return (
    <>
      <Toggle label="Compare with another checkpoint" isOn={epoch !== null} onChange={(isOn) => onChange(isOn ? 0 : null)} />
      {epoch !== null && <NumberBox label="Epoch compared with" value={epoch} min={0} max={5000} integer hint="0: before training." onChange={onChange} />}
    </>
  )
}
