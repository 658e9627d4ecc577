import type { JSX } from 'react'
import { useLab, useLabShallow } from '../../state/use-lab.ts'
import { describeSelection } from '../format/settings.ts'
import { classCount, inputCount } from '../lab/shape.ts'
import { tensorShapes } from '../settings/parameters.ts'
import { selectionChoices } from '../settings/selections.ts'
import { Choice } from '../ui/choice.tsx'

export interface SelectionChoiceProps {
  readonly label: string
  readonly value: string
  readonly onChange: (selection: string) => void
}

/** Which weights are looked at: a kernel, a bias, a layer, everything. */
export function SelectionChoice({ label, value, onChange }: SelectionChoiceProps): JSX.Element {
  const network = useLab((state) => state.experiment.network)
  const [inputs, classes] = useLabShallow((state) => [inputCount(state), classCount(state)] as const)
  const known = selectionChoices(tensorShapes(network, inputs, classes)).map(({ selection, label: words }) => ({ value: selection, label: words }))
  const options = known.some((option) => option.value === value) ? known : [...known, { value, label: describeSelection(value) }]
  return <Choice label={label} value={value} options={options} onChange={onChange} />
}
