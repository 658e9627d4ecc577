import { useState, type JSX, type KeyboardEvent } from 'react'
import { FieldError, Input, Label, TextField } from 'react-aria-components'
import { formatSetting } from '../format/number.ts'
import { nudge, parseNumber, type NumberRange } from './parse-number.ts'

export interface NumberBoxProps extends NumberRange {
  readonly label: string
  readonly value: number
  readonly onChange: (value: number) => void
  /** How arrow keys step. */
  readonly scale?: 'linear' | 'log'
  readonly hint?: string
  readonly isDisabled?: boolean
  readonly testId?: string
}

/** A number that is taken over on Enter, on leaving the box and on the arrow keys. */
export function NumberBox({ label, value, onChange, scale = 'linear', hint, isDisabled = false, testId, ...range }: NumberBoxProps): JSX.Element {
  const [draft, setDraft] = useState<string | null>(null)
  const parsed = draft === null ? null : parseNumber(draft, range)
  const commit = (): void => {
    if (parsed?.ok) {
      setDraft(null)
      if (parsed.value !== value) onChange(parsed.value)
    }
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') commit()
    if (event.key === 'Escape') setDraft(null)
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    event.preventDefault()
    const next = nudge(parsed?.ok ? parsed.value : value, event.key === 'ArrowUp' ? 1 : -1, scale)
    if (next < range.min || next > range.max) return
    setDraft(null)
    onChange(next)
  }
  return (
    <TextField
      className="field"
      value={draft ?? formatSetting(value)}
      onChange={setDraft}
      onBlur={commit}
      onKeyDown={onKeyDown}
      isInvalid={parsed?.ok === false}
      isDisabled={isDisabled}
    >
      <Label>{label}</Label>
      <Input inputMode="decimal" autoComplete="off" spellCheck={false} data-testid={testId} />
      {hint && <span className="hint">{hint}</span>}
      <FieldError className="problem">{parsed?.ok === false ? `${parsed.problem} ${formatSetting(value)} stays in use.` : ''}</FieldError>
    </TextField>
  )
}
