import type { JSX } from 'react'
import { STAGES } from '../../state/lab-state.ts'
import { StageCard } from './stage-card.tsx'
import './stages.css'

/** The stages of the experiment in the order in which they happen. */
export function StageColumn(): JSX.Element {
  return (
    <ol className="stages" aria-label="Stages of the experiment">
      {STAGES.map((stage) => (
        <StageCard key={stage} stage={stage} />
      ))}
    </ol>
  )
}
