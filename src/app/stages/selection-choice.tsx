import type { JSX } from 'react'
import { describeSelection } from '../../contracts/selection.ts'
import { useLab } from '../../state/use-lab.ts'
import { selectionChoices } from '../settings/selections.ts'
import { Choice } from '../ui/choice.tsx'

const NONE = [] as const

export interface SelectionChoiceProps {
  readonly label: string
  readonly value: string
  readonly onChange: (selection: string) => void
}

/** Which weights are looked at: a kernel, a bias, a layer, everything. */
export function SelectionChoice({ label, value, onChange }: SelectionChoiceProps): JSX.Element {
  const parameters = useLab((state) => state.network?.parameters ?? NONE)
  const known = selectionChoices(parameters).map(({ selection, label: words }) => ({ value: selection, label: words }))
  const options = known.some((option) => option.value === value) ? known : [...known, { value, label: describeSelection(value) }]
  return <Choice label={label} value={value} options={options} onChange={onChange} />
}
