import type { JSX } from 'react'
import type { HessianAnalysis } from '../../contracts/experiment.ts'
import { NumberBox } from '../ui/number-box.tsx'
import { SelectionChoice } from './selection-choice.tsx'

export interface HessianSettingsProps {
  readonly analysis: HessianAnalysis
  readonly onChange: (analysis: HessianAnalysis) => void
}

export function HessianSettings({ analysis, onChange }: HessianSettingsProps): JSX.Element {
  const set = (fields: Partial<HessianAnalysis>): void => onChange({ ...analysis, ...fields })
  return (
    <>
      <SelectionChoice label="Weights" value={analysis.selection} onChange={(selection) => set({ selection })} />
      <div className="pair">
        <NumberBox label="Largest" value={analysis.largest} min={1} max={500} integer onChange={(largest) => set({ largest })} />
        <NumberBox label="Smallest" value={analysis.smallest} min={0} max={200} integer onChange={(smallest) => set({ smallest })} />
      </div>
      <div className="pair">
        <NumberBox label="Samples" value={analysis.samples} min={1} max={60000} integer onChange={(samples) => set({ samples })} />
        <NumberBox label="Most products" value={analysis.maxProducts} min={2} max={5000} integer onChange={(maxProducts) => set({ maxProducts })} />
      </div>
      <NumberBox
        label="Tolerance"
        value={analysis.tolerance}
        min={1e-12}
        max={0.1}
        scale="log"
        hint="Converged: residual below this share of the largest eigenvalue."
        onChange={(tolerance) => set({ tolerance })}
      />
    </>
  )
}
