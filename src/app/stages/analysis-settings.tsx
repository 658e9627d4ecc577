import type { JSX } from 'react'
import type { Analysis, PrincipalComponentsAnalysis, SingularValuesAnalysis } from '../../contracts/experiment.ts'
import { describeAnalysis } from '../format/analysis-words.ts'
import { formatBytes, formatSeconds, plural } from '../format/quantity.ts'
import { useLab } from '../../state/use-lab.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { editAnalysis, removeAnalysis } from '../settings/edits.ts'
import { IconButton } from '../ui/buttons.tsx'
import { Choice } from '../ui/choice.tsx'
import { NumberBox } from '../ui/number-box.tsx'
import { HessianSettings } from './hessian-settings.tsx'
import { DemonstrationSettings, DensitySettings, NoiseFilteringSettings, TraceSettings, WholeSpectrumSettings } from './spectral-settings.tsx'

export interface AnalysisProps<A extends Analysis = Analysis> {
  readonly analysis: A
  readonly onChange: (analysis: A) => void
}

/** One analysis with its settings. */
export function AnalysisSettings({ index, analysis }: { readonly index: number; readonly analysis: Analysis }): JSX.Element {
  const commands = useCommands()
  const words = describeAnalysis(analysis)
  return (
    <section className="analysis" aria-label={words}>
      <header className="analysis-head">
        <h3>{words}</h3>
        <IconButton icon="bin" label={`Remove: ${words}`} onPress={() => void commands.edit(removeAnalysis(index))} />
      </header>
      <CostLine index={index} />
      <SettingsOfKind analysis={analysis} onChange={(changed) => void commands.edit(editAnalysis(index, changed))} />
    </section>
  )
}

/** What it will take, before it is started. */
function CostLine({ index }: { readonly index: number }): JSX.Element | null {
  const cost = useLab(({ estimates }) => estimates.find(({ stage }) => stage === 'analyses')?.parts?.[index] ?? null)
  if (cost === null) return null
  const products = cost.products === 0 ? '' : `, ${plural(cost.products, 'product')}`
  return (
    <p className="hint cost-line" data-testid="analysis-cost">
      {cost.seconds < 0.005 ? 'Under 0.01 s' : `About ${formatSeconds(cost.seconds)}`}, {formatBytes(cost.bytes)}
      {products}
    </p>
  )
}

function SettingsOfKind({ analysis, onChange }: AnalysisProps): JSX.Element {
  switch (analysis.kind) {
    case 'hessian':
      return <HessianSettings analysis={analysis} onChange={onChange} />
    case 'singularValues':
      return <SingularValuesSettings analysis={analysis} onChange={onChange} />
    case 'principalComponents':
      return <ComponentsSettings analysis={analysis} onChange={onChange} />
    case 'wholeSpectrum':
      return <WholeSpectrumSettings analysis={analysis} onChange={onChange} />
    case 'density':
      return <DensitySettings analysis={analysis} onChange={onChange} />
    case 'trace':
      return <TraceSettings analysis={analysis} onChange={onChange} />
    case 'demonstration':
      return <DemonstrationSettings analysis={analysis} onChange={onChange} />
    case 'noiseFiltering':
      return <NoiseFilteringSettings analysis={analysis} onChange={onChange} />
  }
}

const EDGES = [
  { value: 'initialiser', label: 'the initialiser’s deviation' },
  { value: 'entries', label: 'the deviation of the entries' },
  { value: 'fit', label: 'a fit to the bulk' },
  { value: 'permuted', label: 'the same entries in random order' },
] as const

const SHAPES = [
  { value: 'thesis', label: 'rows: places of a window, columns: pairs of channels' },
  { value: 'filters', label: 'one column per filter' },
] as const

function SingularValuesSettings({ analysis, onChange }: AnalysisProps<SingularValuesAnalysis>): JSX.Element {
  const convolutional = useLab((state) => state.experiment.network.layers.some(({ kind }) => kind === 'conv' || kind === 'residual'))
  return (
    <>
      <Choice label="Edge of the bulk from" value={analysis.edge} options={EDGES} onChange={(edge) => onChange({ ...analysis, edge })} />
      {convolutional && (
        <Choice label="Convolution kernels as matrices" value={analysis.reshape} options={SHAPES} onChange={(reshape) => onChange({ ...analysis, reshape })} />
      )}
    </>
  )
}

function ComponentsSettings({ analysis, onChange }: AnalysisProps<PrincipalComponentsAnalysis>): JSX.Element {
  return <NumberBox label="Components" value={analysis.components} min={2} max={400} integer onChange={(components) => onChange({ ...analysis, components })} />
}
