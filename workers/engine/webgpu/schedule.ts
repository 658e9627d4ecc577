import { EngineError } from '../engine.ts'
import { MOST_PLACES } from './bindings.ts'
import { buffersOf, conflicts } from './dependencies.ts'
import type { Sketch } from './program.ts'
import type { Unit } from './units.ts'

/** Plans with more kernels are deep networks, whose compilation counts and whose kernels fill a device alone. */
const MOST_MIXED = 96

export interface ScheduleOptions {
  /** Storage buffers that a dispatch can bind. */
  readonly maxBuffers: number
  readonly sketchOf: (unit: Unit) => Sketch
}

/**
 * Groups units into dispatches: every unit runs as early as what it depends on allows (Kahn's levels), and units of
 * one level, being independent, may share a dispatch. Units of equal text always do. Different ones do in small
 * plans, where the number of dispatches counts; in deep ones every text is compiled alone, once for all layers.
 */
export function schedule(units: readonly Unit[], { maxBuffers, sketchOf }: ScheduleOptions): readonly (readonly Unit[])[] {
  const levels = levelsOf(units)
  const mixes = units.length <= MOST_MIXED
  return levels.flatMap((level) => {
    const bundles = bundlesOf(level.map((unit) => ({ unit, sketch: sketchOf(unit) })), maxBuffers)
    return (mixes ? mixed(bundles, maxBuffers) : bundles).map(({ units: bundle }) => bundle)
  })
}

function levelsOf(units: readonly Unit[]): readonly (readonly Unit[])[] {
  const levels: Unit[][] = []
  const levelOf: number[] = []
  units.forEach((unit, i) => {
    let level = 0
    for (let j = 0; j < i; j++) {
      if (levelOf[j] >= level && conflicts(units[j].access, unit.access)) level = levelOf[j] + 1
    }
    levelOf.push(level)
    const peers = levels[level]
    if (peers === undefined) levels.push([unit])
    else peers.push(unit)
  })
  return levels
}

/** Units that share a dispatch. */
interface Bundle {
  readonly units: Unit[]
  readonly buffers: Set<number>
  readonly alone: boolean
  vectors: number
}

/** Units of equal text, in order of the first of each. Products with windows stay alone: each fills a device. */
function bundlesOf(level: readonly { readonly unit: Unit; readonly sketch: Sketch }[], maxBuffers: number): readonly Bundle[] {
  const bundles: Bundle[] = []
  const open = new Map<string, Bundle>()
  for (const { unit, sketch } of level) {
    const known = open.get(sketch.signature)
    if (known && !known.alone && known.vectors + sketch.vectors <= MOST_PLACES) {
      known.units.push(unit)
      known.vectors += sketch.vectors
      continue
    }
    const buffers = new Set(buffersOf(unit.access).map(({ id }) => id))
    if (buffers.size > maxBuffers) {
      throw new EngineError('compile', `dispatch: a kernel uses ${buffers.size} buffers, the device binds ${maxBuffers}; keep fewer values in buffers of their own`)
    }
    const bundle = { units: [unit], buffers, alone: hasWindows(unit), vectors: sketch.vectors }
    bundles.push(bundle)
    open.set(sketch.signature, bundle)
  }
  return bundles
}

/** First fit in order, as long as buffers and places last. */
function mixed(bundles: readonly Bundle[], maxBuffers: number): readonly Bundle[] {
  const groups: Bundle[] = []
  for (const bundle of bundles) {
    const fitting = bundle.alone
      ? undefined
      : groups.find((group) => !group.alone && group.vectors + bundle.vectors <= MOST_PLACES && new Set([...group.buffers, ...bundle.buffers]).size <= maxBuffers)
    if (fitting === undefined) {
      groups.push(bundle)
      continue
    }
    fitting.units.push(...bundle.units)
    fitting.vectors += bundle.vectors
    for (const id of bundle.buffers) fitting.buffers.add(id)
  }
  return groups
}

function hasWindows(unit: Unit): boolean {
  if (unit.kind !== 'kernel') return false
  const { kernel } = unit
  const product = kernel.kind === 'partialProduct' ? kernel.product : kernel
  return 'terms' in product && product.terms.some((term) => 'patches' in term && term.patches !== null)
}
