import { useState, type JSX } from 'react'
import { Input, Label, TextField } from 'react-aria-components'
import { ActionButton } from './buttons.tsx'

export interface CopyFieldProps {
  readonly label: string
  readonly value: string
  readonly testId?: string
}

type Outcome = 'idle' | 'copied' | 'refused'

const WORDS: Readonly<Record<Outcome, string>> = { idle: 'Copy', copied: 'Copied', refused: 'Press Ctrl C' }

/** Text to copy, in a box where it can also be selected by hand. */
export function CopyField({ label, value, testId }: CopyFieldProps): JSX.Element {
  const [outcome, setOutcome] = useState<Outcome>('idle')
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value)
      setOutcome('copied')
    } catch {
      setOutcome('refused')
    }
  }
  return (
    <div className="with-button">
      <TextField className="field" value={value} isReadOnly>
        <Label>{label}</Label>
        <Input className="mono" onFocus={(event) => event.currentTarget.select()} data-testid={testId} />
      </TextField>
      <ActionButton onPress={() => void copy()} icon={outcome === 'copied' ? 'check' : 'share'}>
        {WORDS[outcome]}
      </ActionButton>
    </div>
  )
}
