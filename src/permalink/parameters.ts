/** Keys and texts of a link in order; of a key given twice the last counts. */
export type Parameters = Map<string, string>

/** Characters that a fragment may hold as they are and that make links readable. */
const READABLE = /%(2C|3A|3B|2B|3D)/g

/** `a=1&b=2,3` */
export function formatParameters(parameters: Parameters): string {
  return [...parameters].map(([key, text]) => `${encodeURIComponent(key)}=${escape(text)}`).join('&')
}

function escape(text: string): string {
  return encodeURIComponent(text).replace(READABLE, decodeURIComponent)
}

/** Reads what follows `#` or `?`. Total: text that is no parameter becomes a key without text. */
export function parseParameters(text: string): { readonly parameters: Parameters; readonly repeated: readonly string[] } {
  const parameters: Parameters = new Map()
  const repeated: string[] = []
  for (const part of text.replace(/^[#?]/, '').split('&')) {
    if (part === '') continue
    const at = part.indexOf('=')
    const key = unescape(at < 0 ? part : part.slice(0, at))
    if (parameters.has(key)) repeated.push(key)
    parameters.set(key, at < 0 ? '' : unescape(part.slice(at + 1)))
  }
  return { parameters, repeated }
}

/** A stray percent sign stays what it is. */
function unescape(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
