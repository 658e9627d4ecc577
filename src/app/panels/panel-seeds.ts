import type { PanelId } from '../../contracts/experiment.ts'
import type { EpochHistory, LabResult } from '../../contracts/results.ts'
import type { LabState } from '../../state/lab-state.ts'
import { otherHistories, otherResults, replicaFailures, replicasAtWork, seedOf, seedsWith } from '../../state/replica-selectors.ts'
import { panelSource, resultOf, type PanelSource } from './panel-source.ts'

/** What further seeds have of what a panel shows: histories for the training panel, results elsewhere. */
export type SeedData = EpochHistory | LabResult

/** Entry by entry the same while nothing of it changes. */
export function panelSeeds(state: LabState, id: PanelId): readonly SeedData[] {
  const source = panelSource(state, id)
  if (source.kind === 'training') return otherHistories(state)
  const result = resultOf(source)
  const beside = source.kind === 'density' && source.density !== null ? source.whole : null
  return [result, beside].flatMap((one) => (one === null ? [] : otherResults(state, one)))
}

export function historiesOf(data: readonly SeedData[]): readonly EpochHistory[] {
  return data.filter((one): one is EpochHistory => !('kind' in one))
}

export function resultsOf<K extends LabResult['kind']>(data: readonly SeedData[], kind: K): readonly Extract<LabResult, { kind: K }>[] {
  return data.filter((one): one is Extract<LabResult, { kind: K }> => 'kind' in one && one.kind === kind)
}

/** Seeds in a panel, the main one first. */
function seedsIn(state: LabState, source: PanelSource): readonly number[] {
  const result = resultOf(source)
  const main = seedOf(state, 0)
  if (result !== null) return [main, ...seedsWith(state, result)]
  return [main, ...otherHistories(state).map((history) => seedOf(state, state.replicas.find((replica) => replica.history === history)?.offset ?? 0))]
}

/** The end of a provenance line: the seeds that join the main one, and the engine where it is another. Empty for one seed. */
export function furtherSeedsPart(source: PanelSource, state: LabState): string {
  const [, ...further] = seedsIn(state, source)
  if (further.length === 0) return ''
  const result = resultOf(source)
  const engine = result === null ? null : (otherResults(state, result)[0]?.provenance.engine ?? null)
  const other = engine === null || engine === result?.provenance.engine ? '' : ` on ${engine}`
  return ` · with ${further.length === 1 ? 'seed' : 'seeds'} ${further.join(', ')}${other}`
}

/** The chip of a panel over several seeds. */
export interface SeedChip {
  readonly short: string
  readonly long: string
  readonly failed: boolean
}

/** How many seeds are in a panel; null for an experiment of one seed and while the panel shows nothing. */
export function seedChip(state: LabState, id: PanelId): SeedChip | null {
  const source = panelSource(state, id)
  const { repeats } = state.experiment.seeds
  const shown = source.kind === 'training' ? source.history !== null : resultOf(source) !== null
  if (repeats < 2 || !shown) return null
  const seeds = seedsIn(state, source)
  const failures = replicaFailures(state)
  const all = seeds.length === repeats
  return {
    short: all ? `${String(repeats)} seeds` : `${String(seeds.length)} of ${String(repeats)} seeds`,
    long: [
      seeds.length === 1 ? `So far of seed ${String(seeds[0])} alone.` : `Mean and standard deviation (n − 1) over seeds ${seeds.join(', ')}.`,
      ...failures.map(({ seed, error }) => `Seed ${String(seed)} failed: ${sentence(error.message)} ${error.remedy}`),
      ...replicasAtWork(state).map((work) => `${sentence(work)}`),
    ].join(' '),
    failed: failures.length > 0,
  }
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1)
  return capital.endsWith('.') ? capital : `${capital}.`
}
