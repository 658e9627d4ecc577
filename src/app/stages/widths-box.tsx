import { useState, type JSX, type KeyboardEvent } from 'react'
import { FieldError, Input, Label, TextField } from 'react-aria-components'
import { useLab, useLabShallow } from '../../state/use-lab.ts'
import { formatCount } from '../format/number.ts'
import { classCount, inputCount } from '../lab/shape.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { editWidths } from '../settings/edits.ts'
import { parameterCount } from '../settings/parameters.ts'
import { parseWidths } from '../settings/widths.ts'

/** Hidden widths as text; the parameter count follows every keystroke. */
export function WidthsBox(): JSX.Element {
  const commands = useCommands()
  const network = useLab((state) => state.experiment.network)
  const [inputs, classes] = useLabShallow((state) => [inputCount(state), classCount(state)] as const)
  const [draft, setDraft] = useState<string | null>(null)
  const parsed = parseWidths(draft ?? network.hidden.join(', '))
  const count = parsed.ok ? parameterCount({ ...network, hidden: [...parsed.widths] }, inputs, classes) : null
  const commit = (): void => {
    if (draft === null || !parsed.ok) return
    setDraft(null)
    void commands.edit(editWidths(parsed.widths))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') commit()
    if (event.key === 'Escape') setDraft(null)
  }
  return (
    <TextField className="field" value={draft ?? network.hidden.join(', ')} onChange={setDraft} onBlur={commit} onKeyDown={onKeyDown} isInvalid={!parsed.ok}>
      <Label>Widths of the hidden layers</Label>
      <Input autoComplete="off" spellCheck={false} />
      {count !== null && <span className="hint">{formatCount(count)} parameters</span>}
      <FieldError className="problem">{parsed.ok ? '' : parsed.problem}</FieldError>
    </TextField>
  )
}
