import type { NetworkSettings } from '../../contracts/experiment.ts'
import { formatLayer, layerSchema, parseLayer, type LayerKind, type LayerSettings } from '../../contracts/layers.ts'
import { describeIssue } from '../../contracts/describe-issue.ts'

export const MOST_LAYERS = 40

/** A layer with a name of its own, so that it stays the same one when it is moved. */
export interface LayerRow {
  readonly id: string
  readonly layer: LayerSettings
}

/** A network that is being arranged; nothing of the experiment changes before it is built. */
export interface Draft {
  readonly rows: readonly LayerRow[]
  readonly activation: NetworkSettings['activation']
  readonly initialiser: NetworkSettings['initialiser']
  /** Number of the next row's name. */
  readonly next: number
}

export function draftOf({ layers, activation, initialiser }: NetworkSettings): Draft {
  return withLayers({ rows: [], activation, initialiser, next: 0 }, layers)
}

export function networkOf({ rows, activation, initialiser }: Draft): NetworkSettings {
  return { layers: rows.map(({ layer }) => layer), activation, initialiser }
}

/** Other layers; those that are the same at the same place keep their names. */
export function withLayers(draft: Draft, layers: readonly LayerSettings[]): Draft {
  let { next } = draft
  const rows = layers.map((layer, i) => {
    const old = draft.rows[i]
    if (old !== undefined && formatLayer(old.layer) === formatLayer(layer)) return old
    next += 1
    return { id: `layer-${next}`, layer }
  })
  return { ...draft, rows, next }
}

/** A layer of the kind at a place; later ones move back. */
export function insertLayer(draft: Draft, at: number, layer: LayerSettings): Draft {
  const row = { id: `layer-${draft.next + 1}`, layer }
  return { ...draft, rows: [...draft.rows.slice(0, at), row, ...draft.rows.slice(at)], next: draft.next + 1 }
}

export function removeLayer(draft: Draft, at: number): Draft {
  return { ...draft, rows: draft.rows.filter((_, i) => i !== at) }
}

/** The same layer once more, right behind it. */
export function duplicateLayer(draft: Draft, at: number): Draft {
  const row = draft.rows[at]
  return row === undefined ? draft : insertLayer(draft, at + 1, row.layer)
}

/** Takes a layer to another place; a place outside the list leaves all as it is. */
export function moveLayer(draft: Draft, from: number, to: number): Draft {
  const row = draft.rows[from]
  if (row === undefined || to < 0 || to >= draft.rows.length || from === to) return draft
  const rest = draft.rows.filter((_, i) => i !== from)
  return { ...draft, rows: [...rest.slice(0, to), row, ...rest.slice(to)] }
}

export function changeLayer(draft: Draft, at: number, layer: LayerSettings): Draft {
  return { ...draft, rows: draft.rows.map((row, i) => (i === at ? { ...row, layer } : row)) }
}

/** A layer of the kind with usual sizes. */
export function newLayer(kind: LayerKind): LayerSettings {
  switch (kind) {
    case 'dense':
      return { kind, units: 50, batchNorm: false }
    case 'conv':
      return { kind, filters: 16, size: 3, stride: 1, padding: 'same', batchNorm: false }
    case 'maxPool':
    case 'averagePool':
      return { kind, size: 2, stride: 2, padding: 'same' }
    case 'globalAveragePool':
      return { kind }
    case 'residual':
      return { kind, filters: 16, stride: 1, batchNorm: true }
  }
}

/** Layers as one line: `c6x5,p2,120,84`. */
export function layersText(layers: readonly LayerSettings[]): string {
  return layers.map(formatLayer).join(',')
}

export type ParsedLayers =
  | { readonly ok: true; readonly layers: readonly LayerSettings[] }
  | { readonly ok: false; readonly problem: string }

/** Layers from one line, separated by commas or spaces; empty text is a network without hidden layers. */
export function parseLayers(text: string): ParsedLayers {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '')
  if (parts.length > MOST_LAYERS) return { ok: false, problem: `${parts.length} layers; at most ${MOST_LAYERS} fit.` }
  const layers: LayerSettings[] = []
  for (const [i, part] of parts.entries()) {
    const found = parseLayer(part)
    if (found === null) return { ok: false, problem: `Layer ${i + 1}: “${part}” is none; write 50 for dense, c6x5 for a convolution, p2, a2 or g for pooling, r16b for a residual block.` }
    const parsed = layerSchema.safeParse(found)
    if (!parsed.success) return { ok: false, problem: `Layer ${i + 1}, ${part}: ${problemOf(parsed.error.issues[0], found)}.` }
    layers.push(parsed.data)
  }
  return { ok: true, layers }
}

function problemOf(issue: Parameters<typeof describeIssue>[0], layer: LayerSettings): string {
  const { path, got, demand } = describeIssue(issue, layer)
  return `${path} is ${got}, ${demand}`
}
