import katex from 'katex'
import 'katex/dist/katex.min.css'
import { useMemo, type JSX } from 'react'

/** A formula set by KaTeX, with MathML for screen readers. The source is part of this program, never of a link. */
export default function TypesetFormula({ tex }: { readonly tex: string }): JSX.Element {
  const html = useMemo(() => katex.renderToString(tex, { displayMode: true, throwOnError: false }), [tex])
  return <div className="formula-set" tabIndex={0} role="group" aria-label="Formula" dangerouslySetInnerHTML={{ __html: html }} />
}
