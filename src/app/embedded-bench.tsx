import type { JSX } from 'react'
import { useLab } from '../state/use-lab.ts'
import { Transport } from './header/transport.tsx'
import { addressWith, fragmentOf } from './lab/links.ts'
import { Notices } from './notices/notices.tsx'
import { PanelArea } from './panel-area.tsx'

/** Only the panels, with what is needed to run them. */
export function EmbeddedBench(): JSX.Element {
  return (
    <div className="bench embedded">
      <main className="middle" id="panels">
        <h1 className="visually-hidden">Hessian Lab</h1>
        <div className="embed-bar">
          <Transport />
          <FullLink />
        </div>
        <Notices />
        <PanelArea />
      </main>
    </div>
  )
}

function FullLink(): JSX.Element {
  const address = useLab((state) => addressWith(fragmentOf(state, null)))
  return (
    <a href={address} target="_blank" rel="noreferrer">
      Open in Hessian Lab
    </a>
  )
}
