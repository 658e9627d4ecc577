import { useState, type JSX } from 'react'
import { ExplanationColumn } from './explanation/explanation-column.tsx'
import { Header } from './header/header.tsx'
import { PresetComparison } from './header/preset-comparison.tsx'
import { ShareDialog } from './header/share-dialog.tsx'
import { HelpDialog } from './keys/help-dialog.tsx'
import { useKeys } from './keys/use-keys.ts'
import { useLabParts, usePage } from './lab/use-lab-context.tsx'
import { LiveStatus } from './notices/live-status.tsx'
import { Notices } from './notices/notices.tsx'
import { PanelGrid } from './panels/panel-grid.tsx'
import { FullScreen } from './presenting/full-screen.tsx'
import { Presenting } from './presenting/presenting.tsx'
import { Sheets } from './sheets.tsx'
import { StageColumn } from './stages/stage-column.tsx'
import { Timeline } from './timeline/timeline.tsx'

/** The whole page: stages, panels, explanation, time, and what lies over them. */
export function App(): JSX.Element {
  const { embed } = useLabParts()
  const [isEmbedded] = useState(embed.embed)
  useKeys()
  return (
    <>
      {isEmbedded ? <EmbeddedBench /> : <Bench />}
      <Notices />
      <LiveStatus />
      <ShareDialog />
      <PresetComparison />
      <HelpDialog />
      <Sheets />
      <FullScreen />
      <Presenting />
    </>
  )
}

function Bench(): JSX.Element {
  const isFolded = usePage((page) => page.explanationFolded)
  return (
    <div className={isFolded ? 'bench folded' : 'bench'}>
      <a className="skip-link" href="#panels">
        Skip to the panels
      </a>
      <Header />
      <nav className="left-column" aria-label="Experiment">
        <StageColumn />
      </nav>
      <main className="middle" id="panels" tabIndex={-1}>
        <PanelGrid />
      </main>
      <ExplanationColumn />
      <Timeline />
    </div>
  )
}

/** Inside another page: the panels alone. */
function EmbeddedBench(): JSX.Element {
  return (
    <div className="bench embedded">
      <main className="middle" id="panels" tabIndex={-1}>
        <PanelGrid />
      </main>
    </div>
  )
}
