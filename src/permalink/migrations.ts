import type { Parameters } from './parameters.ts'

/** Version of the keys and their meaning that this code writes. */
export const LINK_VERSION = 1

/** The oldest version that was ever published. */
export const OLDEST_VERSION = 1

/** Turns the parameters of one version into those of the next. */
export type Migration = (parameters: Parameters) => Parameters

/** `migrations[i]` leads from version `OLDEST_VERSION + i` to the one after it. */
export const migrations: readonly Migration[] = []

/** The parameters of an earlier version in terms of the latest. */
export function migrate(
  parameters: Parameters,
  version: number,
  steps: readonly Migration[] = migrations,
  oldest: number = OLDEST_VERSION,
): Parameters {
  return steps.slice(version - oldest).reduce((result, step) => step(result), parameters)
}
