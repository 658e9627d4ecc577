import type { JSX } from 'react'
import { EmbeddedBench } from './embedded-bench.tsx'
import { HelpDialog } from './keys/help-dialog.tsx'
import { useKeys } from './keys/use-keys.ts'
import { Bench } from './bench.tsx'
import { PresetComparison } from './header/preset-comparison.tsx'
import { ShareDialog } from './header/share-dialog.tsx'
import { LabProvider, useLabParts } from './lab/use-lab-context.tsx'
import type { RunningLab } from './lab/start-lab.ts'
import { LiveStatus } from './notices/live-status.tsx'
import { PanelStage } from './presenting/panel-stage.tsx'
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
      <PanelStage />
      <ShareDialog />
      <PresetComparison />
      <HelpDialog />
    </>
  )
}
