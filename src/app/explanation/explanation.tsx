import type { JSX } from 'react'
import { lessonOf } from '../../lessons/index.ts'
import { IconButton } from '../ui/buttons.tsx'
import { useSetPage } from '../lab/use-lab-context.tsx'
import { ClaimList } from './claim-list.tsx'
import { FormulaList } from './formula-list.tsx'
import { ProvenanceTable } from './provenance-table.tsx'
import { RichText } from './rich-text.tsx'
import { RunReading } from './run-reading.tsx'
import { useExplained } from './use-explained.ts'
import './explanation.css'

/** What the panel in focus shows, what it should show, and what this run says. */
export function Explanation({ canFold }: { readonly canFold: boolean }): JSX.Element {
  const id = useExplained()
  const setPage = useSetPage()
  const { title, reference, axes, look, thesis, formulas, errata } = lessonOf(id)
  return (
    <div className="explanation">
      <header className="explanation-head">
        <h2>{title}</h2>
        {canFold && <IconButton icon="close" label="Fold the explanation away" onPress={() => setPage({ explanationFolded: true })} />}
      </header>
      {reference !== null && <p className="hint">After the thesis, {reference}</p>}
      <Section title="What you see">
        <RichText text={axes} />
      </Section>
      <Section title="What to look for">
        <RichText text={look} />
      </Section>
      <Section title="What the thesis says">
        <RichText text={thesis} />
      </Section>
      <Section title="What your run says">
        <RunReading id={id} />
      </Section>
      <FormulaList formulas={formulas} />
      <ClaimList panel={id} />
      {errata !== null && (
        <Section title="Corrections">
          <p>{errata}</p>
        </Section>
      )}
      <ProvenanceTable id={id} />
    </div>
  )
}

function Section({ title, children }: { readonly title: string; readonly children: JSX.Element }): JSX.Element {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  )
}
