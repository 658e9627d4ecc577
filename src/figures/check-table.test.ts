import { describe, expect, it } from 'vitest'
import type { CheckItem, CheckResult, Verdict } from '../contracts/results.ts'
import { checkTable } from './check-table.ts'
import { PROVENANCE } from './fixtures.ts'

const item = (name: string, verdict: Verdict, value: number | null = 1e-9): CheckItem => ({ name, what: `${name} against the other`, value, good: 1e-8, tolerable: 1e-5, verdict })
const check = (verdict: Verdict, items: readonly CheckItem[]): CheckResult => ({ kind: 'check', analysis: 1, verdict, items, provenance: PROVENANCE })

describe('checkTable', () => {
  it('lists value, limits and verdict of every check', () => {
    const { table, items } = checkTable(check('good', [item('residual', 'good'), item('trace', 'not done', null)]))
    expect(table.rows).toEqual([
      ['residual', 'residual against the other', 1e-9, 1e-8, 1e-5, 'good'],
      ['trace', 'trace against the other', null, 1e-8, 1e-5, 'not done'],
    ])
    expect(items[0].reading).toBe('1.0 × 10⁻⁹ (good up to 1.0 × 10⁻⁸, tolerable up to 1.0 × 10⁻⁵)')
    expect(items[1].reading).toBe('not done')
  })

  it.each<[Verdict, CheckItem[], string]>([
    ['good', [item('a', 'good'), item('b', 'good'), item('c', 'not done')], 'All 2 checks that were done are within the limits; 1 check was not done.'],
    ['tolerable', [item('a', 'good'), item('b', 'tolerable')], 'Tolerable: of 2 checks b is above what is good, but within what can be tolerated.'],
    ['bad', [item('a', 'bad'), item('b', 'bad')], 'Not to be relied on: of 2 checks a, b are beyond what can be tolerated.'],
    ['not done', [], 'Nothing was checked.'],
  ])('says one sentence when it is %s', (verdict, items, sentence) => {
    expect(checkTable(check(verdict, items)).sentence).toBe(sentence)
  })
})
