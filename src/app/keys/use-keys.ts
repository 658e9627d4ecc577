import { useEffect } from 'react'
import type { Lab } from '../lab/lab.ts'
import type { LabCommands } from '../lab/lab-commands.ts'
import { toggledTable } from '../lab/page-state.ts'
import { useCommands, useLabParts } from '../lab/use-lab-context.tsx'
import { neighbourCheckpoint, viewCheckpoint } from '../timeline/checkpoint-steps.ts'
import { keyAction, panelAt, type KeyAction, type KeyContext } from './keymap.ts'

const TYPING = 'input:not([type=range]):not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]'
const PRESSING = 'button, a, summary, [role=button], [role=switch], [role=option], [role=menuitem], [role=radio], label, input'
const SLIDING = 'input, [role=slider], [role=menu], [role=menuitem], [role=listbox], [role=radio], [role=option], [role=grid]'
const OVERLAY = '[role=dialog], [role=menu], [role=listbox]'

/** The keys of the page. Open dialogs and menus keep theirs. */
export function useKeys(): void {
  const lab = useLabParts()
  const commands = useCommands()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || !(event.target instanceof Element)) return
      const context = contextOf(event.target, lab)
      if (!context.presenting && event.target.closest(OVERLAY) !== null) return
      const action = keyAction(event, context)
      if (action === null) return
      event.preventDefault()
      perform(action, lab, commands)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => {
      window.removeEventListener('keydown', onKeyDown)
    }
  }, [lab, commands])
}

function contextOf(target: Element, { store }: Lab): KeyContext {
  const inside = (selector: string): boolean => target.closest(selector) !== null
  return { presenting: store.getState().presenting, typing: inside(TYPING), pressing: inside(PRESSING), sliding: inside(SLIDING) }
}

function perform(action: KeyAction, lab: Lab, commands: LabCommands): void {
  const { store, actions, page } = lab
  switch (action.do) {
    case 'play':
      return void commands.play()
    case 'step':
      return void commands.step()
    case 'reset':
      return void commands.reset()
    case 'stop':
      return void commands.stop()
    case 'earlier':
      return scrub(lab, commands, -1)
    case 'later':
      return scrub(lab, commands, 1)
    case 'fullScreen':
      return page.setState({ fullScreen: focusedPanel(lab, 0) })
    case 'present':
      if (!store.getState().presenting) focusPanel(lab, focusedPanel(lab, 0))
      return actions.setPresenting(!store.getState().presenting)
    case 'share':
    case 'help':
      return page.setState({ dialog: action.do })
    case 'table': {
      const id = focusedPanel(lab, 0)
      return id === null ? undefined : page.setState(({ tables }) => ({ tables: toggledTable(tables, id) }))
    }
    case 'nextPanel':
      return focusPanel(lab, focusedPanel(lab, 1))
    case 'previousPanel':
      return focusPanel(lab, focusedPanel(lab, -1))
    case 'focus':
      return focusPanel(lab, panelIdsOf(lab)[action.place] ?? null)
  }
}

function panelIdsOf({ store }: Lab) {
  return store.getState().experiment.view.panels.map(({ id }) => id)
}

/** The panel in focus, or its neighbour. */
function focusedPanel(lab: Lab, by: number) {
  return panelAt(panelIdsOf(lab), lab.store.getState().experiment.view.focus, by)
}

function focusPanel({ actions, store }: Lab, id: ReturnType<typeof focusedPanel>): void {
  if (id === null) return
  actions.focusPanel(id)
  if (store.getState().presenting) return
  const element = document.getElementById(`panel-${id}`)
  element?.focus({ preventScroll: true })
  element?.scrollIntoView({ block: 'nearest' })
}

function scrub({ store }: Lab, commands: LabCommands, direction: 1 | -1): void {
  const { checkpoints, experiment, busy } = store.getState()
  const next = neighbourCheckpoint(checkpoints, experiment.view.checkpoint, direction)
  if (next !== null && !busy) void commands.lookAt(viewCheckpoint(checkpoints, next))
}
