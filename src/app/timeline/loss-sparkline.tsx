import { useDeferredValue, useMemo, type JSX } from 'react'
import { useLab } from '../../state/use-lab.ts'
import { sparklinePath } from './sparkline.ts'

const WIDTH = 1000
const HEIGHT = 22
/** Points of the line; more are not seen. */
const POINTS = 200

/** The mini-batch loss so far, drawn over the part of the time line that is done. */
export function LossSparkline(): JSX.Element {
  const losses = useDeferredValue(useLab((state) => state.training.losses))
  const share = useLab(({ training: { update } }) => (update === null ? 0 : update.epoch / update.epochs))
  const path = useMemo(() => {
    const stride = Math.max(1, Math.ceil(losses.length / POINTS))
    return sparklinePath(losses.losses.filter((_, i) => i % stride === 0), WIDTH, HEIGHT)
  }, [losses])
  return (
    <div className="sparkline" aria-hidden="true">
      <svg viewBox={`0 -1 ${WIDTH} ${HEIGHT + 2}`} preserveAspectRatio="none" style={{ width: `${(100 * Math.min(1, share)).toFixed(2)}%` }}>
        <path d={path} fill="none" stroke="currentColor" strokeWidth="1.25" vectorEffect="non-scaling-stroke" />
      </svg>
    </div>
  )
}
