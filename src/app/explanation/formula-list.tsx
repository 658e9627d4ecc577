import { Suspense, lazy, type JSX } from 'react'
import type { Formula } from '../../lessons/index.ts'

const TypesetFormula = lazy(() => import('./typeset-formula.tsx'))

/** Formulas with their words; the typesetter loads when the first is shown. */
export function FormulaList({ formulas }: { readonly formulas: readonly Formula[] }): JSX.Element | null {
  if (formulas.length === 0) return null
  return (
    <section>
      <h3>Formulas</h3>
      {formulas.map(({ tex, words }) => (
        <figure key={tex} className="formula">
          <Suspense fallback={<code className="formula-source">{tex}</code>}>
            <TypesetFormula tex={tex} />
          </Suspense>
          <figcaption>{words}</figcaption>
        </figure>
      ))}
    </section>
  )
}
