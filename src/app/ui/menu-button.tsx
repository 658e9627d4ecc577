import type { JSX } from 'react'
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { Icon, type IconName } from './icons.tsx'

export interface MenuOption<T extends string> {
  readonly value: T
  readonly label: string
  readonly note?: string
  readonly isDisabled?: boolean
}

export interface MenuButtonProps<T extends string> {
  readonly label: string
  readonly options: readonly MenuOption<T>[]
  readonly onChoose: (value: T) => void
  readonly icon?: IconName
  /** Only the picture is shown; the label is for screen readers. */
  readonly iconOnly?: boolean
  readonly isDisabled?: boolean
  readonly testId?: string
}

/** A button that opens a list of things to do, each with a line that explains it. */
export function MenuButton<T extends string>({ label, options, onChoose, icon, iconOnly = false, isDisabled = false, testId }: MenuButtonProps<T>): JSX.Element {
  const choose = (key: unknown): void => {
    const option = options.find(({ value }) => value === key)
    if (option !== undefined) onChoose(option.value)
  }
  return (
    <MenuTrigger>
      <Button className={iconOnly ? 'button quiet icon' : 'button plain'} isDisabled={isDisabled} data-testid={testId} {...(iconOnly ? { 'aria-label': label } : {})}>
        {icon && <Icon name={icon} size={16} />}
        {!iconOnly && label}
        {!icon && <Icon name="chevron" size={14} />}
      </Button>
      <Popover className="popover">
        <Menu className="menu" onAction={choose} aria-label={label} disabledKeys={options.filter((option) => option.isDisabled === true).map(({ value }) => value)}>
          {options.map((option) => (
            <MenuItem key={option.value} id={option.value} className="menu-item" textValue={option.label}>
              <span className="menu-title">{option.label}</span>
              {option.note && <span className="menu-note">{option.note}</span>}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
