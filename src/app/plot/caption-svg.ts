import { palette } from '../../figures/colours.ts'
import type { FigureSpec } from '../../figures/figure-spec.ts'
import { SANS } from '../../figures/template.ts'
import type { Caption } from './plot-props.ts'

export interface ImageSize {
  readonly width: number
  readonly height: number
}

interface Line {
  readonly text: string
  readonly size: number
  readonly bold: boolean
}

const MARGIN = 16
const LEADING = 1.35
/** Mean width of a letter in units of the type size, on the wide side: pictures may fall back to a wider font. */
const LETTER = 0.62

/**
 * A Plotly SVG in a taller one with the caption written below: title, summary, provenance, link. Text stays text, and
 * the title and summary are also the picture's accessible name and description.
 */
export function captionedSvg(plotSvg: string, size: ImageSize, figure: FigureSpec, caption: Caption): { svg: string; size: ImageSize } {
  const { surface, text, muted } = palette(figure.theme)
  const lines = captionLines(figure, caption, size.width - 2 * MARGIN)
  let y = size.height
  const written = lines.map(({ text: words, size: type, bold }) => {
    y += type * LEADING
    const look = `font-size="${String(type)}" fill="${bold ? text : muted}"${bold ? ' font-weight="600"' : ''}`
    return `<text x="${String(MARGIN)}" y="${y.toFixed(1)}" ${look}>${escaped(words)}</text>`
  })
  const height = Math.ceil(y + MARGIN)
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(size.width)}" height="${String(height)}" viewBox="0 0 ${String(size.width)} ${String(height)}" role="img">`,
    `<title>${escaped(caption.title)}</title><desc>${escaped(figure.summary)}</desc>`,
    `<rect width="100%" height="100%" fill="${surface}"/>`,
    plotSvg.replace(/^<\?xml[^>]*\?>\s*/, ''),
    `<g font-family="${escaped(SANS)}">${written.join('')}</g>`,
    '</svg>',
  ].join('\n')
  return { svg, size: { width: size.width, height } }
}

function captionLines({ summary }: FigureSpec, { title, provenance, link }: Caption, width: number): Line[] {
  const lines = (text: string, size: number, bold: boolean): Line[] => wrapped(text, Math.floor(width / (LETTER * size))).map((line) => ({ text: line, size, bold }))
  return [...lines(title, 16, true), ...lines(summary, 13, false), ...lines(provenance, 12, false), ...lines(link, 10, false)]
}

/** Lines of at most `limit` letters, broken at spaces; longer words, such as links, are cut. */
export function wrapped(text: string, limit: number): string[] {
  const room = Math.max(8, limit)
  const lines: string[] = []
  let line = ''
  const pieces = text.split(' ').flatMap((word) => word.match(new RegExp(`.{1,${String(room)}}`, 'gu')) ?? [])
  for (const piece of pieces) {
    if (line !== '' && line.length + 1 + piece.length > room) {
      lines.push(line)
      line = piece
    } else {
      line = line === '' ? piece : `${line} ${piece}`
    }
  }
  return line === '' ? lines : [...lines, line]
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
