import type { JSX } from 'react'
import { ExplanationColumn } from './explanation/explanation-column.tsx'
import { Header } from './header/header.tsx'
import { useLabParts, usePage } from './lab/use-lab-context.tsx'
import { useMedia } from './lab/use-media.ts'
import { Notices } from './notices/notices.tsx'
import { PanelArea } from './panel-area.tsx'
import { StageColumn } from './stages/stage-column.tsx'
import { Timeline } from './timeline/timeline.tsx'

export const NARROW = '(max-width: 1100px)'

/** Header, stages, panels, explanation, time. */
export function Bench(): JSX.Element {
  const { embed } = useLabParts()
  const folded = usePage((page) => page.explanationFolded)
  const narrow = useMedia(NARROW)
  const explains = !embed.hideText && !embed.hidden.includes('explanation')
  return (
    <div className={folded || !explains ? 'bench folded' : 'bench'}>
      <a className="skip-link" href="#panels" onClick={skipToPanels}>
        Skip to the results
      </a>
      <Header />
      {!narrow && !embed.hidden.includes('stages') && (
        <nav className="left-column" aria-label="Stages">
          <StageColumn />
        </nav>
      )}
      <main className="middle" id="panels" tabIndex={-1}>
        <Notices />
        <PanelArea />
      </main>
      {!narrow && explains && <ExplanationColumn />}
      <Timeline />
    </div>
  )
}

/** The address belongs to the experiment, so the link moves the focus itself. */
function skipToPanels(event: { preventDefault: () => void }): void {
  event.preventDefault()
  document.getElementById('panels')?.focus()
}
