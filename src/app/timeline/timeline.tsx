import type { JSX } from 'react'
import { statusSentence } from '../../state/status-sentence.ts'
import { useLab } from '../../state/use-lab.ts'
import { formatNumber } from '../format/number.ts'
import { stabilityOf } from './stability.ts'
import { EpochSlider } from './epoch-slider.tsx'
import { LossSparkline } from './loss-sparkline.tsx'
import './timeline.css'

/** Time: checkpoints to look at, the loss so far, and what is going on. */
export function Timeline(): JSX.Element {
  return (
    <footer className="timeline" aria-label="Time">
      <div className="timeline-track">
        <LossSparkline />
        <EpochSlider />
      </div>
      <div className="timeline-facts">
        <EpochCount />
        <Stability />
        <Status />
      </div>
    </footer>
  )
}

function EpochCount(): JSX.Element {
  const text = useLab(({ training: { update }, experiment }) => {
    const epochs = update?.epochs ?? experiment.training.epochs
    const { checkpoint } = experiment.view
    const looking = checkpoint === null ? '' : `, looking at ${checkpoint}`
    return `epoch ${update === null ? 0 : Math.floor(update.epoch)} of ${epochs}${looking}`
  })
  return <p className="epoch-count">{text}</p>
}

/** The largest eigenvalue beside the stability limit of gradient descent. */
function Stability(): JSX.Element | null {
  const text = useLab((state) => {
    const found = stabilityOf(state)
    if (found === null) return null
    const sharpness = `h₁ ${formatNumber(found.sharpness)}`
    return found.limit === null ? sharpness : `${sharpness} · limit ${formatNumber(found.limit)}`
  })
  return text === null ? null : <p className="hint timeline-stability">{text}</p>
}

function Status(): JSX.Element {
  const text = useLab(statusSentence)
  return (
    <p className="timeline-status" data-testid="status">
      {text}
    </p>
  )
}
