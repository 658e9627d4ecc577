import { useEffect } from 'react'
import type { PanelId } from '../../contracts/experiment.ts'
import { toggledTable } from '../lab/page-state.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabCommands } from '../lab/lab-commands.ts'
import { useCommands, useLabParts } from '../lab/use-lab-context.tsx'
import { neighbourCheckpoint, viewCheckpoint } from '../timeline/checkpoint-steps.ts'
import { keyAction, type KeyAction } from './key-table.ts'

/** Elements that use keys themselves. */
const TAKES_KEYS = 'input, textarea, select, [contenteditable], [role=slider], [role=menu], [role=menuitem], [role=listbox], [role=option], [role=radio], [role=dialog], .panel-handle'
const PRESSES = 'button, a, [role=button], summary'

/** The keyboard of the whole page; keys inside fields, menus and dialogs stay theirs. */
export function useKeys(): void {
  const lab = useLabParts()
  const commands = useCommands()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || belongsElsewhere(event)) return
      const panels = lab.store.getState().experiment.view.panels.map(({ id }) => id)
      const action = keyAction(event.key, panels)
      if (action === null || lab.store.getState().presenting) return
      event.preventDefault()
      perform(action, lab, commands)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => {
      window.removeEventListener('keydown', onKeyDown)
    }
  }, [lab, commands])
}

function belongsElsewhere(event: KeyboardEvent): boolean {
  const { target } = event
  if (!(target instanceof Element)) return false
  if (target.closest(TAKES_KEYS) !== null) return true
  return (event.key === ' ' || event.key === 'Enter') && target.closest(PRESSES) !== null
}

function perform(action: KeyAction, lab: Lab, commands: LabCommands): void {
  const { actions, page, store } = lab
  switch (action.kind) {
    case 'play':
      return void commands.play()
    case 'step':
      return void commands.step()
    case 'reset':
      return void commands.reset()
    case 'cancel':
      if (page.getState().fullScreen === null) return void commands.stop()
      return page.setState({ fullScreen: null })
    case 'previousCheckpoint':
      return goToCheckpoint(lab, commands, -1)
    case 'nextCheckpoint':
      return goToCheckpoint(lab, commands, 1)
    case 'focusPanel':
      return focusPanel(lab, action.id)
    case 'fullScreen':
      return page.setState({ fullScreen: focusedPanel(lab) })
    case 'table':
      return page.setState(({ tables }) => ({ tables: toggledTable(tables, focusedPanel(lab)) }))
    case 'present':
      actions.focusPanel(focusedPanel(lab))
      return actions.setPresenting(!store.getState().presenting)
    case 'share':
      return page.setState({ dialog: 'share' })
    case 'help':
      return page.setState({ dialog: 'help' })
  }
}

function focusPanel({ actions }: Lab, id: PanelId): void {
  actions.focusPanel(id)
  const element = document.getElementById(`panel-${id}`)
  element?.scrollIntoView({ block: 'nearest' })
  element?.focus({ preventScroll: true })
}

function focusedPanel({ store }: Lab): PanelId {
  const { focus, panels } = store.getState().experiment.view
  return focus ?? panels[0]?.id ?? 'training'
}

function goToCheckpoint({ store }: Lab, commands: LabCommands, direction: 1 | -1): void {
  const { checkpoints, experiment, busy } = store.getState()
  const next = neighbourCheckpoint(checkpoints, experiment.view.checkpoint, direction)
  if (next !== null && !busy) void commands.lookAt(viewCheckpoint(checkpoints, next))
}
