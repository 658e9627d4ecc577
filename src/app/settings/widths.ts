export type ParsedWidths =
  | { readonly ok: true; readonly widths: readonly number[] }
  | { readonly ok: false; readonly problem: string }

const MAX_LAYERS = 8
const MAX_WIDTH = 4096

/** Hidden widths from text such as "50, 50"; empty text is a network without hidden layers. */
export function parseWidths(text: string): ParsedWidths {
  const parts = text.split(/[\s,;×x-]+/).filter((part) => part !== '')
  if (parts.length > MAX_LAYERS) return problem(`${parts.length} hidden layers; at most ${MAX_LAYERS} fit.`)
  const widths: number[] = []
  for (const part of parts) {
    const width = Number(part)
    if (!Number.isInteger(width) || width < 1) return problem(`"${part}" is no width; write whole numbers such as 50, 50.`)
    if (width > MAX_WIDTH) return problem(`width ${part} is above ${MAX_WIDTH}; choose a narrower layer.`)
    widths.push(width)
  }
  return { ok: true, widths }
}

function problem(text: string): ParsedWidths {
  return { ok: false, problem: text }
}
