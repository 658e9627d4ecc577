import type { RefObject } from 'react'
import type { PanelId } from '../../contracts/experiment.ts'
import { lessonOf } from '../../lessons/index.ts'
import { runFingerprint } from '../../state/fingerprint-match.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabCommands } from '../lab/lab-commands.ts'
import { addressWith, fragmentOf } from '../lab/links.ts'
import { toggledTable } from '../lab/page-state.ts'
import { useCommands, useLabParts } from '../lab/use-lab-context.tsx'
import { fileName, saveFile, tableToCsv, type Caption, type ImageFormat, type PlotHandle } from '../plot/index.ts'
import { resultOf } from './panel-source.ts'
import type { PanelContent } from './use-panel.ts'

export interface PanelCommand {
  readonly key: string
  readonly words: string
  readonly needsFigure: boolean
}

/** Entries of a panel's menu; null is a line between groups. */
export const PANEL_COMMANDS: readonly (PanelCommand | null)[] = [
  { key: 'fullScreen', words: 'Full screen', needsFigure: false },
  { key: 'present', words: 'Present', needsFigure: false },
  { key: 'table', words: 'Plot or table of numbers', needsFigure: true },
  null,
  { key: 'png', words: 'Save as PNG', needsFigure: true },
  { key: 'svg', words: 'Save as SVG', needsFigure: true },
  { key: 'csv', words: 'Save as CSV', needsFigure: true },
  { key: 'npz', words: 'Save arrays as npz', needsFigure: true },
  { key: 'link', words: 'Copy a link to this panel', needsFigure: false },
  null,
  { key: 'third', words: 'One third wide', needsFigure: false },
  { key: 'half', words: 'Half wide', needsFigure: false },
  { key: 'full', words: 'Full width', needsFigure: false },
  { key: 'earlier', words: 'Move earlier', needsFigure: false },
  { key: 'later', words: 'Move later', needsFigure: false },
  { key: 'close', words: 'Close', needsFigure: false },
]

/** Carries out an entry of the menu of one panel. */
export function usePanelCommand(id: PanelId, content: PanelContent, plot: RefObject<PlotHandle | null>): (key: string) => Promise<void> {
  const lab = useLabParts()
  const commands = useCommands()
  return (key) => commands.attempt(() => runPanelCommand(key, { id, content, plot: plot.current, lab, commands }))
}

interface Target {
  readonly id: PanelId
  readonly content: PanelContent
  readonly plot: PlotHandle | null
  readonly lab: Lab
  readonly commands: LabCommands
}

async function runPanelCommand(key: string, target: Target): Promise<void> {
  const { id, lab } = target
  const { actions, page, store } = lab
  const place = store.getState().experiment.view.panels.findIndex((panel) => panel.id === id)
  const table: Readonly<Record<string, () => void | Promise<void>>> = {
    fullScreen: () => page.setState({ fullScreen: id }),
    present: () => {
      actions.focusPanel(id)
      actions.setPresenting(true)
    },
    table: () => page.setState(({ tables }) => ({ tables: toggledTable(tables, id) })),
    png: () => savePicture(target, 'png'),
    svg: () => savePicture(target, 'svg'),
    csv: () => saveCsv(target),
    npz: () => saveArrays(target),
    link: () => navigator.clipboard.writeText(captionOf(target).link),
    third: () => actions.resizePanel(id, 4),
    half: () => actions.resizePanel(id, 6),
    full: () => actions.resizePanel(id, 12),
    earlier: () => actions.movePanel(id, place - 1),
    later: () => actions.movePanel(id, place + 1),
    close: () => actions.closePanel(id),
  }
  await table[key]?.()
}

function captionOf({ id, content, lab }: Target): Caption {
  const state = lab.store.getState()
  const { experiment } = state
  const focused = { ...state, experiment: { ...experiment, view: { ...experiment.view, focus: id } } }
  return { title: lessonOf(id).title, provenance: content.provenance ?? '', link: addressWith(fragmentOf(focused, state.stages.training.state === 'stale' ? null : runFingerprint(state))) }
}

async function savePicture(target: Target, format: ImageFormat): Promise<void> {
  const { figure } = target.content
  if (figure === null) return
  if (target.plot === null) throw new Error('The plot is shown as a table; show it as a plot first, then save the picture.')
  saveFile(await target.plot.toImage(format, captionOf(target)), fileName(figure, '', format))
}

function saveCsv(target: Target): void {
  const { figure } = target.content
  if (figure === null) return
  const { title, provenance, link } = captionOf(target)
  saveFile(new Blob([tableToCsv(figure.table, [title, provenance, link])], { type: 'text/csv' }), fileName(figure, '', 'csv'))
}

async function saveArrays({ content, commands }: Target): Promise<void> {
  const result = resultOf(content.source)
  if (result === null) return commands.exportRun()
  return commands.exportResult(result.kind, result.kind === 'overlap' ? result.overlap : null)
}
