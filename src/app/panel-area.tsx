import { lazy, Suspense, type JSX } from 'react'
import { useMedia } from './lab/use-media.ts'

const PHONE = '(max-width: 680px)'

/** What came out is drawn behind what can be pressed: panels load after the frame of the page. */
const PanelGrid = lazy(async () => ({ default: (await import('./panels/panel-grid.tsx')).PanelGrid }))
const OnePanel = lazy(async () => ({ default: (await import('./panels/one-panel.tsx')).OnePanel }))

/** All panels, or one at a time where the screen has room for no more. */
export function PanelArea(): JSX.Element {
  const phone = useMedia(PHONE)
  return <Suspense fallback={null}>{phone ? <OnePanel /> : <PanelGrid />}</Suspense>
}
