import type { JSX } from 'react'
import { useLab } from '../../state/use-lab.ts'
import { panelAt } from '../keys/keymap.ts'
import { useLabParts } from '../lab/use-lab-context.tsx'
import { ActionButton } from '../ui/buttons.tsx'

/** Which panel of how many, and the buttons that turn to the next. */
export function PresentingBar(): JSX.Element {
  const { actions } = useLabParts()
  const { panels, focus } = useLab((state) => state.experiment.view)
  const ids = panels.map(({ id }) => id)
  const place = focus === null ? 0 : ids.indexOf(focus)
  const turn = (by: number): void => actions.focusPanel(panelAt(ids, focus, by))
  return (
    <footer className="presenting-bar">
      <ActionButton look="quiet" isDisabled={place <= 0} onPress={() => turn(-1)}>
        ← Previous
      </ActionButton>
      <span>
        {place + 1} of {ids.length}
      </span>
      <ActionButton look="quiet" isDisabled={place >= ids.length - 1} onPress={() => turn(1)}>
        Next →
      </ActionButton>
    </footer>
  )
}
