import type { JSX } from 'react'
import type { SamplePreview } from '../../contracts/results.ts'
import { variantColour } from '../../figures/index.ts'
import { useShownTheme } from '../lab/use-lab-context.tsx'
import { planeReach } from './preview-words.ts'

const HALF = 100

/** Samples of two numbers as points, one colour and one mark for every class. */
export function SamplePlane({ samples }: { readonly samples: readonly SamplePreview[] }): JSX.Element {
  const theme = useShownTheme()
  const reach = planeReach(samples) * 1.1
  return (
    <svg className="sample-plane" viewBox={`${-HALF} ${-HALF} ${2 * HALF} ${2 * HALF}`} role="img" aria-label={`${samples.length} samples as points in a plane`}>
      <path d={`M${-HALF} 0H${HALF}M0 ${-HALF}V${HALF}`} stroke="var(--line)" />
      {samples.map(({ values, label }, i) => (
        <text key={i} x={(HALF * (values?.[0] ?? 0)) / reach} y={(-HALF * (values?.[1] ?? 0)) / reach} fill={variantColour(theme, label)} className="plane-mark">
          {label}
        </text>
      ))}
    </svg>
  )
}
