import type { JSX } from 'react'
import { parseText } from '../../lessons/index.ts'
import { SymbolTerm } from './symbol-term.tsx'

/** A paragraph whose symbols tell their definitions. */
export function RichText({ text }: { readonly text: string }): JSX.Element {
  return (
    <p>
      {parseText(text).map((part, i) => (part.kind === 'words' ? part.words : <SymbolTerm key={i} symbol={part.symbol} />))}
    </p>
  )
}
