import type { JSX } from 'react'
import type { DemonstrationAnalysis, DensityAnalysis, NoiseFilteringAnalysis, TraceAnalysis, WholeSpectrumAnalysis } from '../../contracts/experiment.ts'
import { Choice } from '../ui/choice.tsx'
import { NumberBox } from '../ui/number-box.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Toggle } from '../ui/toggle.tsx'
import { CompareBox } from './compare-box.tsx'
import { CurvatureFields } from './curvature-fields.tsx'
import { MemoryBox } from './hessian-settings.tsx'
import { SelectionChoice } from './selection-choice.tsx'

interface SettingsProps<A> {
  readonly analysis: A
  readonly onChange: (analysis: A) => void
}

const SOLVERS = [
  { value: 'float64', label: 'CPU, float64', note: 'Divide and conquer on all cores' },
  { value: 'gpu', label: 'GPU, float32', note: 'Jacobi rotations on the graphics device, with stated residuals' },
] as const

export function WholeSpectrumSettings({ analysis, onChange }: SettingsProps<WholeSpectrumAnalysis>): JSX.Element {
  const set = (fields: Partial<WholeSpectrumAnalysis>): void => onChange({ ...analysis, ...fields })
  return (
    <>
      <CurvatureFields settings={analysis} onChange={set} />
      <Toggle label="Eigenvectors too" isOn={analysis.vectors} onChange={(vectors) => set({ vectors })} />
      <Choice label="Decomposed on" value={analysis.solver} options={SOLVERS} onChange={(solver) => set({ solver })} />
      <MemoryBox memory={analysis.memory} hint="A matrix that takes more is refused, with the largest size that fits." onChange={(memory) => set({ memory })} />
      <CompareBox epoch={analysis.compare} onChange={(compare) => set({ compare })} />
    </>
  )
}

const PROBES = [
  { value: '5x50', label: 'quick' },
  { value: '10x80', label: 'standard' },
  { value: '20x100', label: 'fine' },
] as const

/** Stochastic Lanczos quadrature. */
export function DensitySettings({ analysis, onChange }: SettingsProps<DensityAnalysis>): JSX.Element {
  const set = (fields: Partial<DensityAnalysis>): void => onChange({ ...analysis, ...fields })
  const size = (value: string): void => {
    const [probes, steps] = value.split('x').map(Number)
    set({ probes, steps })
  }
  return (
    <>
      <CurvatureFields settings={analysis} onChange={set} />
      <Segmented label="Accuracy" value={`${analysis.probes}x${analysis.steps}`} options={PROBES} onChange={size} />
      <div className="pair">
        <NumberBox label="Runs n_v" value={analysis.probes} min={1} max={200} integer onChange={(probes) => set({ probes })} />
        <NumberBox label="Lanczos steps m" value={analysis.steps} min={2} max={1000} integer onChange={(steps) => set({ steps })} />
      </div>
      <CompareBox epoch={analysis.compare} onChange={(compare) => set({ compare })} />
    </>
  )
}

const METHODS = [
  { value: 'hutchinson', label: 'Hutchinson', note: 'Trace, Frobenius norm and diagonal from the same products' },
  { value: 'hutchpp', label: 'Hutch++', note: 'The trace alone, with a smaller error where a few eigenvalues dominate' },
] as const

export function TraceSettings({ analysis, onChange }: SettingsProps<TraceAnalysis>): JSX.Element {
  const set = (fields: Partial<TraceAnalysis>): void => onChange({ ...analysis, ...fields })
  return (
    <>
      <CurvatureFields settings={analysis} onChange={set} />
      <Choice label="Method" value={analysis.method} options={METHODS} onChange={(method) => set({ method })} />
      <NumberBox label="Probes" value={analysis.probes} min={2} max={5000} integer onChange={(probes) => set({ probes })} />
    </>
  )
}

const ALGORITHMS = [
  { value: 'power', label: 'power iteration' },
  { value: 'lanczos', label: 'Lanczos' },
] as const

export function DemonstrationSettings({ analysis, onChange }: SettingsProps<DemonstrationAnalysis>): JSX.Element {
  const set = (fields: Partial<DemonstrationAnalysis>): void => onChange({ ...analysis, ...fields })
  return (
    <>
      <CurvatureFields settings={analysis} onChange={set} />
      <Segmented label="Algorithm" value={analysis.algorithm} options={ALGORITHMS} onChange={(algorithm) => set({ algorithm })} />
      <NumberBox label="Steps" value={analysis.steps} min={1} max={300} integer onChange={(steps) => set({ steps })} />
      {analysis.algorithm === 'lanczos' && (
        <Toggle label="Reorthogonalise every step" isOn={analysis.reorthogonalise} onChange={(reorthogonalise) => set({ reorthogonalise })} />
      )}
    </>
  )
}

/** Accuracy without the smallest singular values. */
export function NoiseFilteringSettings({ analysis, onChange }: SettingsProps<NoiseFilteringAnalysis>): JSX.Element {
  const set = (fields: Partial<NoiseFilteringAnalysis>): void => onChange({ ...analysis, ...fields })
  return (
    <>
      <SelectionChoice label="Kernels" value={analysis.selection} onChange={(selection) => set({ selection })} />
      <NumberBox label="Points" value={analysis.points} min={2} max={101} integer onChange={(points) => set({ points })} />
    </>
  )
}
