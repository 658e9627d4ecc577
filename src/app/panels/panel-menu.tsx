import type { JSX, RefObject } from 'react'
import { Button, Menu, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components'
import type { PanelId } from '../../contracts/experiment.ts'
import { lessonOf } from '../../lessons/index.ts'
import type { PlotHandle } from '../plot/index.ts'
import { Icon } from '../ui/icons.tsx'
import { PANEL_COMMANDS, usePanelCommand } from './panel-commands.ts'
import type { PanelContent } from './use-panel.ts'

export interface PanelMenuProps {
  readonly id: PanelId
  readonly content: PanelContent
  readonly plot: RefObject<PlotHandle | null>
}

/** What can be done with one panel. */
export function PanelMenu({ id, content, plot }: PanelMenuProps): JSX.Element {
  const command = usePanelCommand(id, content, plot)
  const { title } = lessonOf(id)
  return (
    <MenuTrigger>
      <Button className="button icon quiet" aria-label={`Menu of ${title}`} data-testid={`menu-${id}`}>
        <Icon name="more" />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" aria-label={title} onAction={(key) => void command(String(key))}>
          {PANEL_COMMANDS.map((entry, i) =>
            entry === null ? (
              <Separator key={i} className="menu-separator" />
            ) : (
              <MenuItem key={entry.key} id={entry.key} className="menu-item" isDisabled={entry.needsFigure && content.figure === null}>
                {entry.words}
              </MenuItem>
            ),
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
