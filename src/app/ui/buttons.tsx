import type { JSX, ReactNode } from 'react'
import { Button, Tooltip, TooltipTrigger } from 'react-aria-components'
import { Icon, type IconName } from './icons.tsx'

export interface ActionButtonProps {
  readonly children: ReactNode
  readonly onPress?: () => void
  readonly look?: 'plain' | 'primary' | 'quiet'
  readonly icon?: IconName
  readonly isDisabled?: boolean
  readonly testId?: string
}

/** A button whose words say what happens. */
export function ActionButton({ children, look = 'plain', icon, testId, ...rest }: ActionButtonProps): JSX.Element {
  return (
    <Button className={`button ${look}`} data-testid={testId} {...rest}>
      {icon && <Icon name={icon} size={16} />}
      {children}
    </Button>
  )
}

export interface IconButtonProps {
  readonly icon: IconName
  readonly label: string
  /** Key that does the same, shown in the tooltip. */
  readonly keyHint?: string
  readonly onPress?: () => void
  readonly isDisabled?: boolean
  readonly className?: string
  readonly testId?: string
  readonly size?: number
}

/** A picture with its label in a tooltip and for screen readers. */
export function IconButton({ icon, label, keyHint, className = 'quiet', testId, size, ...rest }: IconButtonProps): JSX.Element {
  return (
    <TooltipTrigger delay={500}>
      <Button className={`button icon ${className}`} aria-label={label} data-testid={testId} {...rest}>
        <Icon name={icon} {...(size === undefined ? {} : { size })} />
      </Button>
      <Tooltip className="tooltip" offset={6}>
        {label} {keyHint && <kbd>{keyHint}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  )
}
