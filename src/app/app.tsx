import { lazy, Suspense, type JSX } from 'react'
import { useLab } from '../state/use-lab.ts'
import { EmbeddedBench } from './embedded-bench.tsx'
import { useKeys } from './keys/use-keys.ts'
import { Bench } from './bench.tsx'
import { PageDialog } from './header/page-dialog.tsx'
import { LabProvider, useLabParts, usePage } from './lab/use-lab-context.tsx'
import type { RunningLab } from './lab/start-lab.ts'
import { LiveStatus } from './notices/live-status.tsx'
import { SheetColumns } from './sheet-columns.tsx'

/** The page, or only its panels where another page embeds them. */
export function App({ running }: { readonly running: RunningLab }): JSX.Element {
  return (
    <LabProvider running={running}>
      <Page />
    </LabProvider>
  )
}

function Page(): JSX.Element {
  const { embed } = useLabParts()
  useKeys()
  return (
    <>
      {embed.embed ? <EmbeddedBench /> : <Bench />}
      <LiveStatus />
      <SheetColumns />
      <StageOfOne />
      <PageDialog />
    </>
  )
}

const PanelStage = lazy(async () => ({ default: (await import('./presenting/panel-stage.tsx')).PanelStage }))

/** One panel on the whole screen, once that was asked for. */
function StageOfOne(): JSX.Element | null {
  const presenting = useLab((state) => state.presenting)
  const fullScreen = usePage((page) => page.fullScreen)
  if (!presenting && fullScreen === null) return null
  return (
    <Suspense fallback={null}>
      <PanelStage />
    </Suspense>
  )
}
