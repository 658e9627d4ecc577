import type { CheckItem, Verdict } from '../../../src/contracts/results.ts'

/** A comparison and what to think of it. */
export function checkItem(name: string, what: string, value: number, good: number, tolerable: number): CheckItem {
  const verdict: Verdict = value <= good ? 'good' : value <= tolerable ? 'tolerable' : 'bad'
  return { name, what, value, good, tolerable, verdict }
}

/** A comparison that was not made, and why. */
export function notDone(name: string, why: string): CheckItem {
  return { name, what: why, value: null, good: NaN, tolerable: NaN, verdict: 'not done' }
}

/** The worst of all that were made. */
export function overall(items: readonly CheckItem[]): Verdict {
  const order: readonly Verdict[] = ['bad', 'tolerable', 'good']
  return order.find((verdict) => items.some((item) => item.verdict === verdict)) ?? 'not done'
}
