import type { CheckItem, CheckResult, Verdict } from '../contracts/results.ts'
import type { FigureTable } from './figure-spec.ts'
import { counted, finiteOrNull, formatNumber } from './numbers.ts'

export interface CheckTable {
  readonly verdict: Verdict
  /** The whole in one sentence. */
  readonly sentence: string
  /** In words, for a list. */
  readonly items: readonly { readonly name: string; readonly what: string; readonly reading: string; readonly verdict: Verdict }[]
  /** In numbers, for a table. */
  readonly table: FigureTable
}

const COLUMNS = ['check', 'what is compared', 'value', 'good up to', 'tolerable up to', 'verdict']

/** A verification as a list, a table and one sentence. */
export function checkTable({ items, verdict }: CheckResult): CheckTable {
  return {
    verdict,
    sentence: sentence(items, verdict),
    items: items.map((item) => ({ name: item.name, what: item.what, reading: reading(item), verdict: item.verdict })),
    table: { columns: COLUMNS, rows: items.map((item) => [item.name, item.what, ...finiteOrNull([item.value ?? NaN, item.good, item.tolerable]), item.verdict]) },
  }
}

function reading({ value, good, tolerable }: CheckItem): string {
  if (value === null) return 'not done'
  return `${formatNumber(value, 2)} (good up to ${formatNumber(good, 2)}, tolerable up to ${formatNumber(tolerable, 2)})`
}

function sentence(items: readonly CheckItem[], verdict: Verdict): string {
  const of = (wanted: Verdict) => items.filter((item) => item.verdict === wanted)
  const [good, tolerable, bad, open] = [of('good'), of('tolerable'), of('bad'), of('not done')]
  const rest = open.length === 0 ? '' : `; ${counted(open.length, 'check')} ${open.length === 1 ? 'was' : 'were'} not done`
  const done = items.length - open.length
  switch (verdict) {
    case 'good':
      return `${good.length === 1 ? 'The one check that was done is' : `All ${counted(good.length, 'check')} that were done are`} within the limits${rest}.`
    case 'tolerable':
      return `Tolerable: of ${counted(done, 'check')} ${named(tolerable)} above what is good, but within what can be tolerated${rest}.`
    case 'bad':
      return `Not to be relied on: of ${counted(done, 'check')} ${named(bad)} beyond what can be tolerated${rest}.`
    case 'not done':
      return 'Nothing was checked.'
  }
}

function named(items: readonly CheckItem[]): string {
  return `${items.map(({ name }) => name).join(', ')} ${items.length === 1 ? 'is' : 'are'}`
}
