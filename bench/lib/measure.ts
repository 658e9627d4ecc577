/** What the command line asks of every case. */
export interface BenchOptions {
  /** Rounds of a measurement; null for each case's own number. Few rounds are for trying things out. */
  readonly rounds: number | null
  /** Names of the networks to measure; null for all. */
  readonly networks: readonly string[] | null
  /** Sizes of matrices, or numbers of samples; null for those of the case. */
  readonly sizes: readonly number[] | null
  /** Whether to measure what takes minutes, too: where all cases run, or on request. */
  readonly isFull: boolean
}

/** Milliseconds that some work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Milliseconds of the fastest of several repeats: on a shared machine the minimum is what the code costs. */
export async function fastest(repeats: number, work: () => unknown): Promise<number> {
  let best = Infinity
  for (let i = 0; i < repeats; i++) best = Math.min(best, await timed(work))
  return best
}

/** Two pieces of work measured alternately, so that both see the same machine. Milliseconds of each. */
export async function alternately(rounds: number, first: () => unknown, second: () => unknown): Promise<readonly [number, number]> {
  const [a, b] = await inTurns(rounds, [() => timed(first), () => timed(second)])
  return [a, b]
}

/**
 * Contenders measured in turns, so that all of them see the same machine. Each measures itself, in milliseconds;
 * returns the fastest round of each.
 */
export async function inTurns(rounds: number, contenders: readonly (() => Promise<number>)[]): Promise<readonly number[]> {
  const best = contenders.map(() => Infinity)
  for (let round = 0; round < rounds; round++) {
    for (const [i, measure] of contenders.entries()) best[i] = Math.min(best[i], await measure())
  }
  return best
}

/** What a ratio is meant to reach. */
export interface Aim {
  readonly is: 'atLeast' | 'atMost'
  readonly bound: number
}

/** One line of the report; the closing block repeats them. */
export interface Ratio {
  readonly name: string
  readonly value: number
  readonly text: string
  readonly aim: Aim | null
}

export function ratio(name: string, value: number, text: string, aim: Aim | null = null): Ratio {
  return { name, value, text, aim }
}

export const atLeast = (bound: number): Aim => ({ is: 'atLeast', bound })
export const atMost = (bound: number): Aim => ({ is: 'atMost', bound })

/** "aim ≥ 3, reached"; empty without an aim. */
export function describeAim({ value, aim }: Ratio): string {
  if (aim === null) return ''
  const reached = aim.is === 'atLeast' ? value >= aim.bound : value <= aim.bound
  return `aim ${aim.is === 'atLeast' ? '≥' : '≤'} ${aim.bound}, ${reached ? 'reached' : 'missed'}`
}

/** "0.24 ms", "12.3 ms", "1.81 s". */
export function formatTime(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds.toPrecision(3)} ms` : `${(milliseconds / 1000).toPrecision(3)} s`
}
