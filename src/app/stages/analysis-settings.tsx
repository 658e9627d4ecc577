import type { JSX } from 'react'
import type { Analysis, PrincipalComponentsAnalysis, SingularValuesAnalysis } from '../../contracts/experiment.ts'
import { describeAnalysis } from '../format/settings.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { editAnalysis, removeAnalysis } from '../settings/edits.ts'
import { IconButton } from '../ui/buttons.tsx'
import { Choice } from '../ui/choice.tsx'
import { NumberBox } from '../ui/number-box.tsx'
import { HessianSettings } from './hessian-settings.tsx'

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
      <SettingsOfKind analysis={analysis} onChange={(changed) => void commands.edit(editAnalysis(index, changed))} />
    </section>
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
  }
}

const EDGES = [
  { value: 'initialiser', label: 'the initialiser’s deviation' },
  { value: 'entries', label: 'the deviation of the entries' },
] as const

function SingularValuesSettings({ analysis, onChange }: AnalysisProps<SingularValuesAnalysis>): JSX.Element {
  return <Choice label="Edge of the bulk from" value={analysis.edge} options={EDGES} onChange={(edge) => onChange({ ...analysis, edge })} />
}

function ComponentsSettings({ analysis, onChange }: AnalysisProps<PrincipalComponentsAnalysis>): JSX.Element {
  return <NumberBox label="Components" value={analysis.components} min={2} max={400} integer onChange={(components) => onChange({ ...analysis, components })} />
}
