import type { FilteredReading, FilteredReadings, NoiseFilteringResult } from '../contracts/results.ts'
import type { FigureTable } from './figure-spec.ts'
import { formatShareSpread } from './numbers.ts'
import { withMoments } from './spread-table.ts'
import { moments, momentsAt, type Moments } from './statistics.ts'

/** A treatment over seeds. */
export interface TreatmentSpread {
  readonly name: NoiseFilteringResult['treatments'][number]['name']
  readonly removed: Moments
  readonly reading: { readonly [K in keyof FilteredReading]: Moments }
}

/** Readings over seeds, curves by point. */
export interface FilteringSpread {
  readonly curves: { readonly [K in keyof FilteredReadings]: readonly Moments[] }
  readonly treatments: readonly TreatmentSpread[]
}

/** Seeds that removed the same shares as the main one, and the main one: first in the list. */
export function comparable(main: NoiseFilteringResult, others: readonly NoiseFilteringResult[]): NoiseFilteringResult[] {
  return [main, ...others.filter(({ removed }) => removed.length === main.removed.length && removed.every((share, i) => share === main.removed[i]))]
}

export function filteringSpread(results: readonly NoiseFilteringResult[]): FilteringSpread {
  const [main] = results
  const curve = (reading: keyof FilteredReadings) => momentsAt(main.removed.length, (i) => results.map(({ curves }) => curves[reading][i]))
  const treatments = main.treatments.map(({ name }): TreatmentSpread => {
    const same = results.flatMap((result) => result.treatments.filter((treatment) => treatment.name === name))
    const read = (reading: keyof FilteredReading) => moments(same.map((treatment) => treatment.reading[reading]))
    return { name, removed: moments(same.map(({ removed }) => removed)), reading: ofReadings(read) }
  })
  return { curves: ofReadings(curve), treatments }
}

function ofReadings<T>(of: (reading: keyof FilteredReading) => T): { readonly [K in keyof FilteredReading]: T } {
  return { trainLoss: of('trainLoss'), trainAccuracy: of('trainAccuracy'), testLoss: of('testLoss'), testAccuracy: of('testAccuracy') }
}

/** The table of the main seed with mean and standard deviation of every reading beside it. */
export function withFilteringSpread(table: FigureTable, { curves, treatments }: FilteringSpread): FigureTable {
  const column = (name: string, reading: keyof FilteredReading) => ({ name, places: [...curves[reading], ...treatments.map((treatment) => treatment.reading[reading])] })
  return withMoments(table, [
    column('training loss', 'trainLoss'),
    column('training accuracy', 'trainAccuracy'),
    column('test loss', 'testLoss'),
    column('test accuracy', 'testAccuracy'),
  ])
}

export function filteringSeedsWords(results: readonly NoiseFilteringResult[], { curves, treatments }: FilteringSpread): string {
  const after = treatments.map(({ name, reading }) => `, after ${name} ${formatShareSpread(reading.testAccuracy)}`)
  return ` Over ${String(results.length)} seeds the test accuracy with all values is ${formatShareSpread(curves.testAccuracy[0])}${after.join('')} (mean ± s.d.).`
}
