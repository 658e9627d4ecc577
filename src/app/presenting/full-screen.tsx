import type { JSX } from 'react'
import { usePage, useSetPage } from '../lab/use-lab-context.tsx'
import { PanelFrame } from '../panels/panel-frame.tsx'
import { IconButton } from '../ui/buttons.tsx'
import './presenting.css'

/** One panel with its controls over the whole window. */
export function FullScreen(): JSX.Element | null {
  const id = usePage((page) => page.fullScreen)
  const setPage = useSetPage()
  if (id === null) return null
  return (
    <section className="full-screen" data-testid="full-screen" aria-label="Panel on the full screen">
      <PanelFrame id={id} handle={<IconButton icon="close" label="Leave full screen" keyHint="Esc" onPress={() => setPage({ fullScreen: null })} />} />
    </section>
  )
}
