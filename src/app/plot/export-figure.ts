import type { FigureSpec } from '../../figures/figure-spec.ts'
import { palette } from '../../figures/colours.ts'
import { captionedSvg, type ImageSize } from './caption-svg.ts'
import type { Caption, ImageFormat } from './plot-props.ts'
import type { Plotly } from './plotly-loader.ts'

/** Exported pictures are at least this large in CSS pixels, whatever the panel's size. */
const SMALLEST: ImageSize = { width: 720, height: 450 }
/** Device pixels per CSS pixel of a PNG. */
const PNG_SCALE = 2

/** A figure with its caption below it as a PNG or SVG file. */
export async function figureImage(plotly: Pick<Plotly, 'toImage'>, figure: FigureSpec, shown: ImageSize, format: ImageFormat, caption: Caption): Promise<Blob> {
  const size = { width: Math.max(shown.width, SMALLEST.width), height: Math.max(shown.height, SMALLEST.height) }
  const layout = { ...structuredClone(figure.layout), ...size, paper_bgcolor: palette(figure.theme).surface }
  const address = await plotly.toImage({ data: figure.data.map((trace) => ({ ...trace })), layout }, { format: 'svg', ...size })
  const { svg, size: whole } = captionedSvg(decodedSvg(address), size, figure, caption)
  const file = new Blob([svg], { type: 'image/svg+xml' })
  return format === 'svg' ? file : rasterised(svg, whole)
}

/** `spectrum-epoch-10.png`: letters, digits and hyphens only. */
export function fileName(figure: FigureSpec, detail: string, extension: string): string {
  const stem = `${figure.id} ${detail}`.replace(/[^a-zA-Z0-9]+/g, '-').replace(/^-|-$/g, '')
  return `${stem}.${extension}`
}

/** The text of a `data:image/svg+xml,…` address. */
function decodedSvg(address: string): string {
  return decodeURIComponent(address.slice(address.indexOf(',') + 1))
}

async function rasterised(svg: string, { width, height }: ImageSize): Promise<Blob> {
  const picture = new Image()
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await picture.decode()
  const canvas = document.createElement('canvas')
  canvas.width = width * PNG_SCALE
  canvas.height = height * PNG_SCALE
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('export: this browser gives no 2-D canvas, which a PNG needs; save the figure as SVG')
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error(`export: a PNG of ${String(canvas.width)} × ${String(canvas.height)} pixels is too large for this browser; save the figure as SVG`))
      else resolve(blob)
    }, 'image/png')
  })
}
