import type { JSX } from 'react'
import { lessonOf } from '../../lessons/index.ts'
import { useLab } from '../../state/use-lab.ts'
import { useLabParts } from '../lab/use-lab-context.tsx'
import { Choice } from '../ui/choice.tsx'
import { PanelFrame } from './panel-frame.tsx'
import './panels.css'

/** One panel at a time, for a phone. */
export function OnePanel(): JSX.Element | null {
  const { actions } = useLabParts()
  const { panels, focus } = useLab((state) => state.experiment.view)
  const [first] = panels
  if (first === undefined) return null
  const shown = focus ?? first.id
  const options = panels.map(({ id }) => ({ value: id, label: lessonOf(id).title }))
  return (
    <div className="one-panel">
      <Choice label="Panel" value={shown} options={options} onChange={(id) => actions.focusPanel(id)} />
      <PanelFrame key={shown} id={shown} />
    </div>
  )
}
