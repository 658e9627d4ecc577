import { z } from 'zod'

/**
 * Layers of a network as a user arranges them. The activation function follows every dense and convolutional layer
 * (batch norm before it, where asked); the output layer follows from the classes; images are flattened where a dense
 * layer needs it.
 */

const filters = z.int().min(1).max(512)
const size = z.int().min(1).max(16)
const stride = z.int().min(1).max(8)
const padding = z.enum(['same', 'valid'])
const batchNorm = z.boolean()

const EXAMPLES = 'expected layers such as 50, c6x5, p2 or r16b'

export const layerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('dense'), units: z.int().min(1).max(4096), batchNorm }),
  /** size × size kernels. With batch norm there is no bias. */
  z.object({ kind: z.literal('conv'), filters, size, stride, padding, batchNorm }),
  z.object({ kind: z.literal('maxPool'), size, stride, padding }),
  z.object({ kind: z.literal('averagePool'), size, stride, padding }),
  z.object({ kind: z.literal('globalAveragePool') }),
  /** Two 3 × 3 convolutions and a shortcut around them, projected by a 1 × 1 convolution where the shape changes. */
  z.object({ kind: z.literal('residual'), filters, stride, batchNorm }),
], { error: ({ input }) => (typeof input === 'string' ? EXAMPLES : undefined) })

export type LayerSettings = z.infer<typeof layerSchema>
export type LayerKind = LayerSettings['kind']

/**
 * `50`, `50b` dense (b: batch norm) · `c6x5` 6 filters 5 × 5 with same padding, `c32x3v/2b` valid, stride 2, batch
 * norm · `p2` maximum over 2 × 2 with stride 2, `p3v/2` · `a2` average · `g` global average · `r32/2b` residual.
 */
export function formatLayer(layer: LayerSettings): string {
  switch (layer.kind) {
    case 'dense':
      return `${layer.units}${layer.batchNorm ? 'b' : ''}`
    case 'conv':
      return `c${layer.filters}x${layer.size}${layer.padding === 'valid' ? 'v' : ''}${layer.stride > 1 ? `/${layer.stride}` : ''}${layer.batchNorm ? 'b' : ''}`
    case 'maxPool':
    case 'averagePool':
      return `${layer.kind === 'maxPool' ? 'p' : 'a'}${layer.size}${layer.padding === 'valid' ? 'v' : ''}${layer.stride === layer.size ? '' : `/${layer.stride}`}`
    case 'globalAveragePool':
      return 'g'
    case 'residual':
      return `r${layer.filters}${layer.stride > 1 ? `/${layer.stride}` : ''}${layer.batchNorm ? 'b' : ''}`
  }
}

const LAYER = /^(?:(?<units>-?[\d.]+)(?<denseNorm>b?)|c(?<filters>\d+)x(?<size>\d+)(?<valid>v?)(?:\/(?<stride>\d+))?(?<norm>b?)|(?<pool>[pa])(?<window>\d+)(?<poolValid>v?)(?:\/(?<step>\d+))?|(?<global>g)|r(?<width>\d+)(?:\/(?<stride2>\d+))?(?<norm2>b?))$/

/** Reads what `formatLayer` writes; sizes out of range are left to the schema. Null when it is no layer at all. */
export function parseLayer(text: string): LayerSettings | null {
  const found = LAYER.exec(text.trim())?.groups
  if (found === undefined) return null
  const padding = (mark: string | undefined) => (mark === 'v' ? 'valid' : 'same')
  if (found.units) return { kind: 'dense', units: Number(found.units), batchNorm: found.denseNorm === 'b' }
  if (found.filters) {
    return { kind: 'conv', filters: Number(found.filters), size: Number(found.size), stride: Number(found.stride ?? 1), padding: padding(found.valid), batchNorm: found.norm === 'b' }
  }
  if (found.pool) {
    const window = Number(found.window)
    return { kind: found.pool === 'p' ? 'maxPool' : 'averagePool', size: window, stride: found.step ? Number(found.step) : window, padding: padding(found.poolValid) }
  }
  if (found.global) return { kind: 'globalAveragePool' }
  return { kind: 'residual', filters: Number(found.width), stride: Number(found.stride2 ?? 1), batchNorm: found.norm2 === 'b' }
}

/** Dense layers of these widths. */
export function denseLayers(...widths: readonly number[]): LayerSettings[] {
  return widths.map((units) => ({ kind: 'dense', units, batchNorm: false }))
}

/** Layers from the text of a link, for presets and tests. Throws a RangeError on what is no layer. */
export function layersOf(text: string): LayerSettings[] {
  return text.split(',').map((part) => {
    const layer = parseLayer(part)
    if (layer === null) throw new RangeError(`layers: ${part} is no layer`)
    return layerSchema.parse(layer)
  })
}
