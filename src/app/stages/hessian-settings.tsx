import type { JSX } from 'react'
import type { HessianAnalysis } from '../../contracts/experiment.ts'
import { useLab } from '../../state/use-lab.ts'
import { selectionSize } from '../settings/selections.ts'
import { eigenpairsWarning } from '../settings/warnings.ts'
import { NumberBox } from '../ui/number-box.tsx'
import { CompareBox } from './compare-box.tsx'
import { CurvatureFields } from './curvature-fields.tsx'

export interface HessianSettingsProps {
  readonly analysis: HessianAnalysis
  readonly onChange: (analysis: HessianAnalysis) => void
}

export function HessianSettings({ analysis, onChange }: HessianSettingsProps): JSX.Element {
  const set = (fields: Partial<HessianAnalysis>): void => onChange({ ...analysis, ...fields })
  const warning = useLab(({ network }) => eigenpairsWarning(analysis, selectionSize(analysis.selection, network?.parameters ?? [])))
  return (
    <>
      <CurvatureFields settings={analysis} onChange={set} />
      <div className="pair">
        <NumberBox label="Largest" value={analysis.largest} min={1} max={8192} integer onChange={(largest) => set({ largest })} />
        <NumberBox label="Smallest" value={analysis.smallest} min={0} max={8192} integer onChange={(smallest) => set({ smallest })} />
      </div>
      <div className="pair">
        <NumberBox label="Most products" value={analysis.maxProducts} min={2} max={200000} integer onChange={(maxProducts) => set({ maxProducts })} />
        <NumberBox label="Batches" value={analysis.batches} min={1} max={64} integer onChange={(batches) => set({ batches })} />
      </div>
      {warning !== null && <p className="warn">{warning}</p>}
      {analysis.batches > 1 && <p className="hint">The samples are cut into {analysis.batches} batches, and the eigenvalues of each show how much they vary.</p>}
      <NumberBox
        label="Tolerance"
        value={analysis.tolerance}
        min={1e-12}
        max={0.1}
        scale="log"
        hint="Converged: residual below this share of the largest eigenvalue."
        onChange={(tolerance) => set({ tolerance })}
      />
      <MemoryBox memory={analysis.memory} hint="Where a whole Krylov basis takes more, Lanczos restarts." onChange={(memory) => set({ memory })} />
      <CompareBox epoch={analysis.compare} onChange={(compare) => set({ compare })} />
    </>
  )
}

export interface MemoryBoxProps {
  readonly memory: number
  readonly hint: string
  readonly onChange: (memory: number) => void
}

/** What vectors and matrices may take, in megabytes. */
export function MemoryBox({ memory, hint, onChange }: MemoryBoxProps): JSX.Element {
  return <NumberBox label="Memory at most, MB" value={memory} min={16} max={16384} integer hint={hint} onChange={onChange} />
}
