import type { JSX } from 'react'
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components'
import { Icon } from './icons.tsx'

export interface ChoiceOption<T extends string> {
  readonly value: T
  readonly label: string
  /** A line that explains it, in the opened list. */
  readonly note?: string
}

export interface ChoiceProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly ChoiceOption<T>[]
  readonly onChange: (value: T) => void
  readonly isDisabled?: boolean
  readonly testId?: string
}

/** One of several, in a list that opens. */
export function Choice<T extends string>({ label, value, options, onChange, isDisabled = false, testId }: ChoiceProps<T>): JSX.Element {
  const choose = (key: unknown): void => {
    const option = options.find((candidate) => candidate.value === key)
    if (option !== undefined) onChange(option.value)
  }
  return (
    <Select className="field" value={value} onChange={choose} isDisabled={isDisabled}>
      <Label>{label}</Label>
      <Button className="select-button" data-testid={testId}>
        <SelectValue>{({ selectedText, defaultChildren }) => selectedText ?? defaultChildren}</SelectValue>
        <Icon name="chevron" size={14} />
      </Button>
      <Popover className="popover">
        <ListBox className="menu">
          {options.map((option) => (
            <ListBoxItem key={option.value} id={option.value} className="menu-item" textValue={option.label}>
              <span className="menu-title">{option.label}</span>
              {option.note && <span className="menu-note">{option.note}</span>}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  )
}
