import { Fragment, useRef, type JSX, type ReactNode } from 'react'
import type { PanelId } from '../../contracts/experiment.ts'
import { lessonOf } from '../../lessons/index.ts'
import { useLab } from '../../state/use-lab.ts'
import { useLabParts } from '../lab/use-lab-context.tsx'
import type { PlotHandle } from '../plot/index.ts'
import { Chip } from '../ui/chip.tsx'
import { CheckLight } from './check-light.tsx'
import { PanelBody } from './panel-body.tsx'
import { PanelControls } from './panel-controls.tsx'
import { PanelMenu } from './panel-menu.tsx'
import { QualityChip } from './quality-chip.tsx'
import { ReplicaChip } from './replica-chip.tsx'
import { usePanel, usePanelProgress } from './use-panel.ts'

export interface PanelFrameProps {
  readonly id: PanelId
  /** Handle to drag it by, where it can be moved. */
  readonly handle?: ReactNode
}

/** The frame that every panel has: title, quality, menu, what it shows, and where that came from. */
export function PanelFrame({ id, handle }: PanelFrameProps): JSX.Element {
  const { actions } = useLabParts()
  const plot = useRef<PlotHandle>(null)
  const content = usePanel(id)
  const isFocused = useLab((state) => state.experiment.view.focus === id)
  const { title, reference } = lessonOf(id)
  const focus = (): void => {
    if (!isFocused) actions.focusPanel(id)
  }
  return (
    <article
      className={isFocused ? 'panel focused' : 'panel'}
      id={`panel-${id}`}
      data-testid={`panel-${id}`}
      aria-labelledby={`title-${id}`}
      tabIndex={-1}
      onFocus={focus}
      onPointerDown={focus}
    >
      <header className="panel-head">
        {handle}
        <h2 id={`title-${id}`} className="panel-title">
          {title}
        </h2>
        {reference !== null && <span className="panel-reference">{reference}</span>}
        <span className="panel-chips">
          {content.isStale && <Chip tone="warn" explain="Computed with earlier settings. Press play to compute it again.">stale</Chip>}
          <ReplicaChip id={id} />
          <CheckLight source={content.source} />
          <QualityChip id={id} quality={content.quality} />
        </span>
        <PanelMenu id={id} content={content} plot={plot} />
      </header>
      <ProgressEdge id={id} />
      <PanelControls id={id} source={content.source} />
      <PanelBody id={id} content={content} plot={plot} />
      {content.provenance !== null && (
        <footer className="panel-foot" data-testid={`provenance-${id}`}>
          <Provenance text={content.provenance} />
        </footer>
      )}
    </article>
  )
}

/** A line that breaks between its parts only, after a point. */
function Provenance({ text }: { readonly text: string }): JSX.Element[] {
  return text.split(' · ').map((part, i, { length }) => (
    <Fragment key={i}>
      {i > 0 && ' '}
      <span className="part">{i < length - 1 ? `${part} ·` : part}</span>
    </Fragment>
  ))
}

function ProgressEdge({ id }: { readonly id: PanelId }): JSX.Element {
  const progress = usePanelProgress(id)
  const width = progress === null ? '0' : `${(100 * progress).toFixed(1)}%`
  return (
    <div className="progress-edge" aria-hidden="true">
      <div style={{ width }} />
    </div>
  )
}
