import { isSymbolId, type SymbolId } from './symbols.ts'

/** A piece of a text: words, or a symbol whose definition can be shown. */
export type TextPart =
  | { readonly kind: 'words'; readonly words: string }
  | { readonly kind: 'symbol'; readonly symbol: SymbolId }

/** Splits "along {hvec}" into words and symbols. Unknown symbols throw: texts are part of the program. */
export function parseText(text: string): readonly TextPart[] {
  return text.split(/(\{\w+\})/).filter((piece) => piece !== '').map(toPart)
}

function toPart(piece: string): TextPart {
  const found = /^\{(\w+)\}$/.exec(piece)
  if (found === null) return { kind: 'words', words: piece }
  if (!isSymbolId(found[1])) throw new Error(`parseText: no symbol "${found[1]}"; define it in symbols.ts`)
  return { kind: 'symbol', symbol: found[1] }
}
