import type { JSX } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import type { ChoiceOption } from './choice.tsx'

export interface SegmentedProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly ChoiceOption<T>[]
  readonly onChange: (value: T) => void
}

/** One of two or three, all visible. */
export function Segmented<T extends string>({ label, value, options, onChange }: SegmentedProps<T>): JSX.Element {
  const choose = (keys: ReadonlySet<unknown>): void => {
    const option = options.find((candidate) => keys.has(candidate.value))
    if (option !== undefined && option.value !== value) onChange(option.value)
  }
  return (
    <ToggleButtonGroup className="segmented" aria-label={label} selectionMode="single" disallowEmptySelection selectedKeys={[value]} onSelectionChange={choose}>
      {options.map((option) => (
        <ToggleButton key={option.value} id={option.value} className="segment">
          {option.label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
