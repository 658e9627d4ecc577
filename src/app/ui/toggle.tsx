import type { JSX } from 'react'
import { Switch } from 'react-aria-components'

export interface ToggleProps {
  readonly label: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
}

/** On or off, at once. */
export function Toggle({ label, isOn, onChange }: ToggleProps): JSX.Element {
  return (
    <Switch className="switch" isSelected={isOn} onChange={onChange}>
      <span className="track" />
      {label}
    </Switch>
  )
}
