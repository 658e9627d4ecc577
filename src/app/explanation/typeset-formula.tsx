import katex from 'katex'
import 'katex/dist/katex.min.css'
import { useMemo, type JSX } from 'react'

/** A formula set by KaTeX, with MathML for screen readers; what `\qquad` separates may stand on lines of its own. The source is part of this program, never of a link. */
export default function TypesetFormula({ tex }: { readonly tex: string }): JSX.Element {
  const parts = useMemo(() => tex.split('\\qquad').map((part) => katex.renderToString(part, { displayMode: true, throwOnError: false })), [tex])
  return (
    <div className="formula-set" tabIndex={0} role="group" aria-label="Formula">
      {parts.map((html, i) => (
        <span key={i} dangerouslySetInnerHTML={{ __html: html }} />
      ))}
    </div>
  )
}
