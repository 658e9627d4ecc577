import { EngineError } from '../engine.ts'
import { buffersOf, conflicts } from './dependencies.ts'
import type { Unit } from './units.ts'

/**
 * Groups units into dispatches: every unit runs as early as what it depends on allows (Kahn's levels), and units of
 * one level, being independent, share a dispatch as long as their buffers fit `maxBuffers` bindings.
 */
export function schedule(units: readonly Unit[], maxBuffers: number): readonly (readonly Unit[])[] {
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
  return levels.flatMap((level) => splitByBuffers(level, maxBuffers))
}

/** First fit in order. */
function splitByBuffers(level: readonly Unit[], maxBuffers: number): readonly (readonly Unit[])[] {
  const groups: { readonly units: Unit[]; readonly buffers: Set<number> }[] = []
  for (const unit of level) {
    const wanted = buffersOf(unit.access).map(({ id }) => id)
    if (wanted.length > maxBuffers) {
      throw new EngineError('compile', `dispatch: a kernel uses ${wanted.length} buffers, the device binds ${maxBuffers}; keep fewer values in buffers of their own`)
    }
    const fitting = groups.find(({ buffers }) => new Set([...buffers, ...wanted]).size <= maxBuffers)
    if (fitting === undefined) groups.push({ units: [unit], buffers: new Set(wanted) })
    else {
      fitting.units.push(unit)
      for (const id of wanted) fitting.buffers.add(id)
    }
  }
  return groups.map(({ units }) => units)
}
