import { EngineError } from '../engine.ts'

/** Workgroups in two dimensions; x·y ≥ the number asked for. */
export interface Grid {
  readonly x: number
  readonly y: number
}

/** Spreads workgroups over two dimensions where one is not enough. Throws `EngineError('compile')` beyond limit². */
export function gridOf(workgroups: number, limit: number): Grid {
  if (workgroups > limit * limit) {
    throw new EngineError('compile', `dispatch: ${workgroups} workgroups exceed the device's ${limit}×${limit}; use fewer samples per replay`)
  }
  const y = Math.ceil(workgroups / limit)
  return { x: Math.ceil(workgroups / y), y }
}
