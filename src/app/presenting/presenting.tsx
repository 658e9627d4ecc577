import { useEffect, useRef, type JSX } from 'react'
import type { PanelId } from '../../contracts/experiment.ts'
import { lessonOf } from '../../lessons/index.ts'
import { useLab } from '../../state/use-lab.ts'
import { useLabParts } from '../lab/use-lab-context.tsx'
import { PanelBody } from '../panels/panel-body.tsx'
import { usePanel } from '../panels/use-panel.ts'
import type { PlotHandle } from '../plot/index.ts'
import { IconButton } from '../ui/buttons.tsx'
import { presentingStep } from './presenting-step.ts'
import './presenting.css'

/** One panel for a projector: large type, one sentence, arrows or a clicker to go on. */
export function Presenting(): JSX.Element | null {
  const isOn = useLab((state) => state.presenting)
  const focus = useLab((state) => state.experiment.view.focus ?? state.experiment.view.panels[0]?.id ?? 'training')
  return isOn ? <Stage id={focus} /> : null
}

function Stage({ id }: { readonly id: PanelId }): JSX.Element {
  const { actions } = useLabParts()
  const plot = useRef<PlotHandle>(null)
  const content = usePanel(id, true)
  const go = useSteps()
  const { title, caption } = lessonOf(id)
  return (
    <section className="presenting" data-testid="presenting" aria-label={`Presenting ${title}`}>
      <header className="presenting-head">
        <h2>{title}</h2>
        <IconButton icon="close" label="Stop presenting" keyHint="Esc" onPress={() => actions.setPresenting(false)} />
      </header>
      <PanelBody key={id} id={id} content={content} plot={plot} />
      <footer className="presenting-foot">
        <IconButton icon="back" label="Previous panel" keyHint="←" onPress={() => go(-1)} />
        <p>{caption}</p>
        <IconButton icon="forward" label="Next panel" keyHint="→" onPress={() => go(1)} />
      </footer>
    </section>
  )
}

/** Steps by arrow keys and by the keys that clickers send. */
function useSteps(): (direction: 1 | -1) => void {
  const { store, actions } = useLabParts()
  const go = (direction: 1 | -1): void => {
    const { panels, focus } = store.getState().experiment.view
    const next = presentingStep(panels.map(({ id }) => id), focus, direction)
    if (next !== null) actions.focusPanel(next)
  }
  const latest = useRef(go)
  latest.current = go
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' || event.key === 'p' || event.key === 'P') actions.setPresenting(false)
      else if (['ArrowRight', 'ArrowDown', 'PageDown', ' '].includes(event.key)) latest.current(1)
      else if (['ArrowLeft', 'ArrowUp', 'PageUp'].includes(event.key)) latest.current(-1)
      else return
      event.preventDefault()
      event.stopPropagation()
    }
    window.addEventListener('keydown', onKeyDown, { capture: true })
    return () => {
      window.removeEventListener('keydown', onKeyDown, { capture: true })
    }
  }, [actions])
  return go
}
