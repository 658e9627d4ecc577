import type { JSX } from 'react'
import type { NetworkSettings } from '../../contracts/experiment.ts'
import { ACTIVATION_TITLES, INITIALISER_TITLES, optionsOf } from '../format/names.ts'
import { Choice } from '../ui/choice.tsx'

type Choices = Pick<NetworkSettings, 'activation' | 'initialiser'>

export interface NetworkChoicesProps {
  readonly network: Choices
  readonly onChange: (fields: Partial<Choices>) => void
}

/** What concerns all layers alike. */
export function NetworkChoices({ network, onChange }: NetworkChoicesProps): JSX.Element {
  return (
    <div className="pair">
      <Choice label="Activation" value={network.activation} options={optionsOf(ACTIVATION_TITLES)} onChange={(activation) => onChange({ activation })} testId="activation-choice" />
      <Choice label="Initial weights" value={network.initialiser} options={optionsOf(INITIALISER_TITLES)} onChange={(initialiser) => onChange({ initialiser })} testId="initialiser-choice" />
    </div>
  )
}
