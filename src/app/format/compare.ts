import type { Experiment } from '../../contracts/experiment.ts'
import { settingRows } from './differences.ts'

/** One setting over several experiments; `values` is as long as the list of experiments. */
export interface ComparedSetting {
  readonly name: string
  readonly values: readonly string[]
}

/** Settings of several experiments by name, in reading order; "none" where one lacks an analysis. */
export function compareSettings(experiments: readonly Experiment[]): readonly ComparedSetting[] {
  const tables = experiments.map((experiment) => new Map(settingRows(experiment).map((row) => [row.name, row.value])))
  const names = new Set(tables.flatMap((table) => [...table.keys()]))
  return [...names].map((name) => ({ name, values: tables.map((table) => table.get(name) ?? 'none') }))
}
