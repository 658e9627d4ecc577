import type { JSX, ReactNode } from 'react'
import { Button, Tooltip, TooltipTrigger } from 'react-aria-components'

export type ChipTone = 'plain' | 'good' | 'warn' | 'bad'

export interface ChipProps {
  readonly children: ReactNode
  /** The whole sentence, on hover and focus. */
  readonly explain?: string
  readonly tone?: ChipTone
  readonly testId?: string
}

/** A word or two about something, with its explanation a hover or focus away. */
export function Chip({ children, explain, tone = 'plain', testId }: ChipProps): JSX.Element {
  if (explain === undefined) {
    return (
      <span className={`chip ${tone}`} data-testid={testId}>
        {children}
      </span>
    )
  }
  return (
    <TooltipTrigger delay={200}>
      <Button className={`chip ${tone}`} data-testid={testId}>
        {children}
      </Button>
      <Tooltip className="tooltip" offset={6}>
        {explain}
      </Tooltip>
    </TooltipTrigger>
  )
}
