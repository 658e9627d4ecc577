import type { Quadrature } from '../contracts/results.ts'

/** An eigenvalue that random vectors agree on and that stands alone. */
export interface Stick {
  /** Mean over the vectors that found it. */
  readonly value: number
  /** Mean share of the measure. */
  readonly weight: number
  /** The best one: a true eigenvalue lies within it. */
  readonly residual: number
  readonly probes: number
}

/** A node has settled when its residual is below this share of the largest magnitude. */
const SETTLED = 1e-3
/** Settled nodes this many widths from every other node of their vector stand alone. */
const ALONE = 3

interface Found {
  readonly value: number
  readonly weight: number
  readonly residual: number
}

/**
 * Settled nodes further than three widths from every other node of the same random vector, those of different vectors
 * that are the same eigenvalue joined; descending.
 */
export function lonelyNodes(quadrature: Quadrature, width: number): Stick[] {
  const tolerance = SETTLED * largestMagnitude(quadrature)
  const found = Array.from({ length: quadrature.probes }, (_, probe) => lonelyOf(probeRow(quadrature, probe), tolerance, width)).flat()
  const groups: Found[][] = []
  for (const node of found.sort((a, b) => b.value - a.value)) {
    const last = groups.at(-1)
    if (last !== undefined && last[last.length - 1].value - node.value <= 2 * tolerance) last.push(node)
    else groups.push([node])
  }
  return groups.map(joined)
}

/** The k-th largest eigenvalue, as the mean over the vectors whose k largest nodes have all settled; null where none has. */
export function settledFromTop(quadrature: Quadrature, k: number): number | null {
  const tolerance = SETTLED * largestMagnitude(quadrature)
  const tops = Array.from({ length: quadrature.probes }, (_, probe) => probeRow(quadrature, probe).slice(0, k))
  const settled = tops.filter((row) => row.length === k && row.every(({ residual }) => residual <= tolerance))
  return settled.length === 0 ? null : settled.reduce((sum, row) => sum + row[k - 1].value, 0) / settled.length
}

/** Nodes of one random vector, descending. */
function probeRow({ steps, nodes, weights, residuals }: Quadrature, probe: number): Found[] {
  return Array.from({ length: steps }, (_, k) => probe * steps + k)
    .filter((at) => Number.isFinite(nodes[at]))
    .map((at) => ({ value: nodes[at], weight: weights[at], residual: residuals[at] }))
    .sort((a, b) => b.value - a.value)
}

function lonelyOf(row: readonly Found[], tolerance: number, width: number): Found[] {
  const far = (a: Found, b: Found | undefined) => b === undefined || Math.abs(a.value - b.value) > ALONE * width
  return row.filter((node, i) => node.residual <= tolerance && far(node, row[i - 1]) && far(node, row[i + 1]))
}

function joined(nodes: readonly Found[]): Stick {
  const mean = (of: (node: Found) => number) => nodes.reduce((sum, node) => sum + of(node), 0) / nodes.length
  return { value: mean(({ value }) => value), weight: mean(({ weight }) => weight), residual: Math.min(...nodes.map(({ residual }) => residual)), probes: nodes.length }
}

function largestMagnitude({ nodes }: Quadrature): number {
  return nodes.reduce((max, node) => (Number.isFinite(node) ? Math.max(max, Math.abs(node)) : max), 0)
}
