import type { JSX } from 'react'
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { lessonOf, panelIds } from '../../lessons/index.ts'
import { useLab } from '../../state/use-lab.ts'
import { useLabParts } from '../lab/use-lab-context.tsx'
import { Icon } from '../ui/icons.tsx'

/** Brings closed panels back. */
export function AddPanel(): JSX.Element | null {
  const { actions } = useLabParts()
  const panels = useLab((state) => state.experiment.view.panels)
  const closed = panelIds.filter((id) => !panels.some((panel) => panel.id === id))
  if (closed.length === 0) return null
  const add = (key: unknown): void => {
    const id = closed.find((candidate) => candidate === key)
    if (id !== undefined) actions.addPanel(id)
  }
  return (
    <MenuTrigger>
      <Button className="button plain add-panel" data-testid="add-panel">
        <Icon name="plus" size={16} /> Add a panel
      </Button>
      <Popover className="popover">
        <Menu className="menu" aria-label="Closed panels" onAction={add}>
          {closed.map((id) => (
            <MenuItem key={id} id={id} className="menu-item" textValue={lessonOf(id).title}>
              <span className="menu-title">{lessonOf(id).title}</span>
              <span className="menu-note">{lessonOf(id).expects}</span>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
