import type { JSX } from 'react'
import type { HessianAnalysis } from '../../contracts/experiment.ts'
import { useLab } from '../../state/use-lab.ts'
import { formatCount } from '../format/number.ts'
import { hasBatchNorm } from '../settings/parameters.ts'
import { Choice } from '../ui/choice.tsx'
import { NumberBox } from '../ui/number-box.tsx'
import { SelectionChoice } from './selection-choice.tsx'

export interface HessianSettingsProps {
  readonly analysis: HessianAnalysis
  readonly onChange: (analysis: HessianAnalysis) => void
}

const STATISTICS = [
  { value: 'inference', label: 'gathered in training', note: 'The network as it is used: every sample by itself' },
  { value: 'training', label: 'of the samples themselves', note: 'The network as it is trained: the samples depend on each other' },
] as const

export function HessianSettings({ analysis, onChange }: HessianSettingsProps): JSX.Element {
  const set = (fields: Partial<HessianAnalysis>): void => onChange({ ...analysis, ...fields })
  const network = useLab((state) => state.experiment.network)
  const inUse = useLab((state) => state.experiment.dataset.trainSamples)
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
      {analysis.samples > inUse && <p className="warn">Only the {formatCount(inUse)} training samples in use are taken.</p>}
      {hasBatchNorm(network.layers) && (
        <Choice label="Statistics of batch norm" value={analysis.batchNorm} options={STATISTICS} onChange={(batchNorm) => set({ batchNorm })} testId="batch-norm-choice" />
      )}
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
